import { AsyncLocalStorage } from 'node:async_hooks';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { Clock } from '../platform/clock/index.js';
import { Database, named } from '../platform/database/index.js';
import { LOGGER, type RequestContext } from '../platform/http/index.js';
import { Random } from '../platform/random/index.js';
import type { AuditDetail } from './audit.detail.js';
import { detailValue, eventValues, insertEvent } from './sql.js';

export interface Refusal {
  readonly action: string;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly detail: AuditDetail | null;
  readonly context: RequestContext;
}

/** Milliseconds between two rows of one action, detail and network. */
const INTERVAL = 1000;
/** Series counted apart at once; what comes on top shares them with other networks. */
const MOST_SERIES = 1000;

const INSERT = named(
  'audit_refusal',
  insertEvent({
    from: '(SELECT 1) one_',
    id: ':id::uuid',
    action: ':action::text',
    outcome: `'refused'`,
    targetType: ':target_type::text',
    targetId: ':target_id::text',
    detail: ':detail::jsonb',
  }),
);

/**
 * Refusals, which anybody can cause: every one is counted, at most one row a second is written for an action, its
 * detail (of which there are few) and a network.
 * Written behind the request's back, and outside of its transaction: a refusal usually rolls that one back.
 */
@Injectable()
export class Refusals implements BeforeApplicationShutdown {
  readonly #outside = AsyncLocalStorage.snapshot();
  readonly #series = new Map<string, { waiting: number; latest: Refusal; timer: NodeJS.Timeout }>();
  readonly #writes = new Set<Promise<void>>();

  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  add(refusal: Refusal): void {
    this.#outside(() => this.#add(refusal));
  }

  /** Everything counted so far is in the database, or lost with a log line, once this resolves. */
  async flush(): Promise<void> {
    for (const [key, { timer, waiting, latest }] of this.#series) {
      clearTimeout(timer);
      this.#series.delete(key);
      if (waiting > 0) this.#write(latest, waiting);
    }
    await Promise.all(this.#writes);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  #add(refusal: Refusal): void {
    const key = this.#key(refusal);
    const series = this.#series.get(key);
    if (series) {
      series.waiting += 1;
      series.latest = refusal;
      return;
    }
    this.#series.set(key, { waiting: 0, latest: refusal, timer: this.#tickLater(key) });
    this.#write(refusal, 1);
  }

  #key({ action, detail, context }: Refusal): string {
    const what = [action, detail?.method, detail?.provider];
    const own = JSON.stringify([...what, context.network]);
    return this.#series.has(own) || this.#series.size < MOST_SERIES ? own : JSON.stringify([...what, 'many']);
  }

  #tickLater(key: string): NodeJS.Timeout {
    return setTimeout(() => this.#tick(key), INTERVAL).unref();
  }

  #tick(key: string): void {
    const series = this.#series.get(key);
    if (!series) return;
    if (series.waiting === 0) {
      this.#series.delete(key);
      return;
    }
    this.#write(series.latest, series.waiting);
    series.waiting = 0;
    series.timer = this.#tickLater(key);
  }

  #write({ action, targetType, targetId, detail, context }: Refusal, times: number): void {
    const counted = { ...context, reason: `refused ${times} ${times === 1 ? 'time' : 'times'}` };
    const values = {
      id: this.random.uuidV7(this.clock.now()),
      action,
      target_type: targetType,
      target_id: targetId,
      detail: detailValue(detail),
      ...eventValues(counted),
    };
    const write = this.db.run(INSERT, values).then(
      () => undefined,
      () => this.logger.warn({ action, times }, 'refusals could not be written to the audit trail'),
    );
    this.#writes.add(write);
    void write.finally(() => this.#writes.delete(write));
  }
}
