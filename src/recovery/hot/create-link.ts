import { Injectable } from '@nestjs/common';
import { eventValues, insertEvent } from '../../audit/sql.js';
import { Clock } from '../../platform/clock/index.js';
import { Database } from '../../platform/database/index.js';
import type { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';

/** $1 identity, $2 flow, $3 grant, $4 digest, $5 lifetime in seconds, $6 request URL, $7 return_to, $8 method, $9 issuer type, $10 issuer id, $11 event, $12… who. */
const CREATE = `
  WITH moment_ AS (
    SELECT now_, now_ + make_interval(secs => $5::double precision) AS expires_at FROM clock_timestamp() AS now_),
  identity_ AS (
    SELECT id FROM identity WHERE id = $1),
  flow_ AS (
    INSERT INTO recovery_flow (id, type, active_method, request_url, return_to, skip_csrf, identity_id, issued_by_admin, issued_at, expires_at)
    SELECT $2::uuid, 'browser', $8::text, $6::text, $7::text, true, identity_.id, true, now_, expires_at FROM identity_, moment_),
  grant_ AS (
    INSERT INTO recovery_grant (id, kind, digest, flow_id, identity_id, issued_by_type, issued_by_id, created_at, expires_at)
    SELECT $3::uuid, 'link', $4::bytea, $2::uuid, identity_.id, $9::text, $10::text, now_, expires_at FROM identity_, moment_
    RETURNING id, identity_id, expires_at),
  event_ AS (${insertEvent({
    from: 'grant_',
    id: '$11::uuid',
    action: `'recovery.link.created'`,
    targetType: `'identity'`,
    targetId: 'grant_.identity_id::text',
    grantId: 'grant_.id',
    first: 12,
  })})
  SELECT expires_at FROM grant_`;

export interface NewLink {
  identityId: string;
  flowId: string;
  digest: Buffer;
  /** seconds, fractions allowed */
  lifetime: number;
  requestUrl: string;
  returnTo: string | null;
  method: string;
}

/**
 * HOT: every recovery link an administrator asks for.
 * Invariant: flow, grant and audit event exist together or not at all.
 * Index: identity_pkey.
 */
@Injectable()
export class CreateLink {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  /** When the link expires and its grant's id, or undefined if there is no such identity. */
  async run(link: NewLink, current: CurrentRequest): Promise<{ grantId: string; expiresAt: Date } | undefined> {
    const grantId = this.random.uuid();
    const actor = current.actor;
    const rows = await this.db.statement<{ expires_at: Date }>('create_recovery_link', CREATE, [
      link.identityId,
      link.flowId,
      grantId,
      link.digest,
      link.lifetime,
      link.requestUrl,
      link.returnTo,
      link.method,
      actor.type,
      actor.id ?? null,
      this.random.uuidV7(this.clock.now()),
      ...eventValues(current.get()),
    ]);
    return rows[0] && { grantId, expiresAt: rows[0].expires_at };
  }
}
