import { AsyncLocalStorage } from 'node:async_hooks';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { Clock } from '../platform/clock/index.js';
import { Database, named } from '../platform/database/index.js';
import { type Actor, LOGGER, type RequestContext } from '../platform/http/index.js';
import { Random } from '../platform/random/index.js';
import type { AuditDetail } from './audit.detail.js';
import { detailValue, eventValues, insertEvent } from './sql.js';

export interface RefusedAction {
  readonly action: string;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly grantId: string | null;
  readonly detail: AuditDetail | null;
  readonly context: RequestContext;
}

/** Milliseconds between two rows of one series. */
const INTERVAL = 1000;
/** Most series to count at once. */
const MOST_SERIES = 1000;
/** Most callers and targets to count separately per action, detail and network. Beyond that, rows name neither. */
const MOST_NAMED = 10;
/** The actor in a row that counts refusals of more than one. */
const SEVERAL: Actor = { type: 'several' };

interface Series {
  readonly group: string;
  waiting: number;
  latest: RefusedAction;
  timer: NodeJS.Timeout;
}

const INSERT = named(
  'audit_refusal',
  insertEvent({
    from: '(SELECT 1) one_',
    id: ':id::uuid',
    action: ':action::text',
    outcome: `'refused'`,
    targetType: ':target_type::text',
    targetId: ':target_id::text',
    grantId: ':grant_id',
    detail: ':detail::jsonb',
  }),
);

/**
 * Counts refusals, which anyone can cause. Every one is counted, and a row names a caller and target only if it counts
 * theirs alone.
 * Writes at most one row per second for each caller and target, and a few per second for an action, its detail and a
 * network.
 * Writes after the request and outside its transaction, because a refusal usually rolls that back.
 */
@Injectable()
export class Refusals implements BeforeApplicationShutdown {
  readonly #outside = AsyncLocalStorage.snapshot();
  readonly #series = new Map<string, Series>();
  /** number of live series per group */
  readonly #groups = new Map<string, number>();
  readonly #writes = new Set<Promise<void>>();

  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  add(refusal: RefusedAction): void {
    this.#outside(() => this.#add(refusal));
  }

  /** Resolves once all counts so far are in the database, or lost with a log line. */
  async flush(): Promise<void> {
    for (const [key, { timer, waiting, latest }] of this.#series) {
      clearTimeout(timer);
      this.#forget(key);
      if (waiting > 0) this.#write(latest, waiting);
    }
    await Promise.all(this.#writes);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  #add(refusal: RefusedAction): void {
    const [own, shared] = groupsOf(refusal);
    const alone = this.#groups.has(own) || this.#series.size < MOST_SERIES;
    const group = alone ? own : shared;
    const named = JSON.stringify([group, ...namesIn(refusal)]);
    const counted = this.#hasRoom(group, named) ? refusal : withoutNames(refusal, alone);
    const key = counted === refusal ? named : JSON.stringify([group]);
    const series = this.#series.get(key);
    if (series) {
      series.waiting += 1;
      series.latest = counted;
      return;
    }
    this.#series.set(key, { group, waiting: 0, latest: counted, timer: this.#tickLater(key) });
    this.#groups.set(group, (this.#groups.get(group) ?? 0) + 1);
    this.#write(counted, 1);
  }

  #hasRoom(group: string, named: string): boolean {
    if (this.#series.has(named)) return true;
    return this.#series.size < MOST_SERIES && (this.#groups.get(group) ?? 0) < MOST_NAMED;
  }

  #tickLater(key: string): NodeJS.Timeout {
    return setTimeout(() => this.#tick(key), INTERVAL).unref();
  }

  #tick(key: string): void {
    const series = this.#series.get(key);
    if (!series) return;
    if (series.waiting === 0) return this.#forget(key);
    this.#write(series.latest, series.waiting);
    series.waiting = 0;
    series.timer = this.#tickLater(key);
  }

  #forget(key: string): void {
    const group = this.#series.get(key)?.group ?? '';
    this.#series.delete(key);
    const others = (this.#groups.get(group) ?? 1) - 1;
    if (others === 0) this.#groups.delete(group);
    else this.#groups.set(group, others);
  }

  #write({ action, targetType, targetId, grantId, detail, context }: RefusedAction, times: number): void {
    const counted = { ...context, reason: `refused ${times} ${times === 1 ? 'time' : 'times'}` };
    const values = {
      id: this.random.uuidV7(this.clock.now()),
      action,
      target_type: targetType,
      target_id: targetId,
      grant_id: grantId,
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

/** The group of the refusal's own network, and the one that networks share if too many are refused at once. */
function groupsOf({ action, detail, context }: RefusedAction): [own: string, shared: string] {
  const what = [action, detail?.method, detail?.provider];
  return [JSON.stringify([...what, context.network]), JSON.stringify([...what, null])];
}

/** The caller and target that a row of its own would name. */
const namesIn = ({ context: { actor }, targetType, targetId, grantId }: RefusedAction): unknown[] => [
  actor.type,
  actor.id,
  targetType,
  targetId,
  grantId,
];

/** The refusal as one of several, without what differs between them. */
const withoutNames = (refusal: RefusedAction, oneNetwork: boolean): RefusedAction => ({
  ...refusal,
  targetId: null,
  grantId: null,
  context: { requestId: '', network: oneNetwork ? refusal.context.network : '', userAgent: '', actor: SEVERAL },
});
