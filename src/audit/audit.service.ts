import type { FilterQuery } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/index.js';
import { Database } from '../platform/database/index.js';
import { CurrentRequest } from '../platform/http/index.js';
import { Random } from '../platform/random/index.js';
import type { AuditDetail } from './audit.detail.js';
import type { AuditFilter } from './audit.filter.js';
import { type AuditEventView, viewOf } from './audit.view.js';
import { idsFrom, idsUntil } from './id-range.js';
import { AuditPageTokens } from './page-tokens.js';
import { AuditEventRow } from './persistence/audit.entities.js';
import { Refusals } from './refusals.js';

/** What happened. Who did it, why and from where comes from the current request. */
export interface AuditEvent {
  /** `recovery.link.created`, `access_token.revoked`, … */
  readonly action: string;
  readonly outcome: 'success' | 'refused';
  readonly targetType?: string;
  readonly targetId?: string;
  readonly grantId?: string;
  readonly detail?: AuditDetail;
}

export interface AuditPage {
  readonly events: readonly AuditEventView[];
  /** absent on the last page */
  readonly nextPageToken?: string;
}

@Injectable()
export class AuditService {
  constructor(
    private readonly db: Database,
    private readonly current: CurrentRequest,
    private readonly random: Random,
    private readonly clock: Clock,
    private readonly refusals: Refusals,
    private readonly pageTokens: AuditPageTokens,
  ) {}

  /** Writes the event in the caller's transaction, so that both commit or neither does. */
  async record(em: SqlEntityManager, event: AuditEvent): Promise<void> {
    const { actor, requestId, network, userAgent, reason, ticket } = this.current.get();
    await em.insert(AuditEventRow, {
      id: this.random.uuidV7(this.clock.now()),
      action: event.action,
      outcome: event.outcome,
      targetType: event.targetType ?? null,
      targetId: event.targetId ?? null,
      grantId: event.grantId ?? null,
      actorType: actor.type,
      actorId: actor.id ?? null,
      actorLabel: actor.label ?? null,
      reason: reason ?? null,
      ticket: ticket ?? null,
      requestId: requestId || null,
      network: network || null,
      userAgent: userAgent || null,
      detail: event.detail ?? null,
    });
  }

  /** For events that change nothing else. */
  async recordAlone(event: AuditEvent): Promise<void> {
    await this.db.transaction((em) => this.record(em, event));
  }

  /** Counts a refusal and writes a sample of them, without delaying the request. Never throws. */
  refused(action: string, targetType?: string, targetId?: string, detail?: AuditDetail, grantId?: string): void {
    const context = { ...this.current.get() };
    const target = { targetType: targetType ?? null, targetId: targetId ?? null, grantId: grantId ?? null };
    this.refusals.add({ action, ...target, detail: detail ?? null, context });
  }

  /**
   * Newest first. Indexes: audit_event_target, audit_event_action, else the primary key.
   * @throws PageTokenInvalid
   */
  async list(filter: AuditFilter): Promise<AuditPage> {
    const after = filter.pageToken === undefined ? undefined : this.pageTokens.verify(filter.pageToken, filter);
    const rows = await this.db.read((em) =>
      em.find(AuditEventRow, where(filter, after), { orderBy: { id: 'desc' }, limit: filter.pageSize + 1 }),
    );
    const events = rows.slice(0, filter.pageSize).map(viewOf);
    const last = rows.length > events.length ? events.at(-1) : undefined;
    return { events, ...(last ? { nextPageToken: this.pageTokens.sign(last.id, filter) } : {}) };
  }
}

function where(
  { action, targetId, actorId, since, until }: AuditFilter,
  after: string | undefined,
): FilterQuery<AuditEventRow> {
  const conditions: FilterQuery<AuditEventRow>[] = [];
  if (after !== undefined) conditions.push({ id: { $lt: after } });
  if (action !== undefined) conditions.push({ action });
  if (targetId !== undefined) conditions.push({ targetId });
  if (actorId !== undefined) conditions.push({ actorId });
  if (since !== undefined) conditions.push({ at: { $gte: since }, id: { $gte: idsFrom(since) } });
  if (until !== undefined) conditions.push({ at: { $lt: until }, id: { $lt: idsUntil(until) } });
  return conditions.length === 0 ? {} : { $and: conditions };
}
