import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../../../config/index.js';
import { Database, named } from '../../../platform/database/index.js';
import { Random } from '../../../platform/random/index.js';
import { sessionRow } from '../../../session/sql.js';
import { SettingsChangeRunning } from '../settings.errors.js';

/** Seconds after which a change counts as finished without notice, because its node died. No change takes this long. */
const LONGEST = 20;

const session = sessionRow();

/**
 * Does not wait for a change by a session of an earlier epoch, because that change can no longer succeed. Index:
 * change_in_flight_pkey, session_pkey.
 */
const BEGIN = named(
  'begin_settings_change',
  `
  INSERT INTO change_in_flight AS running (identity_id, holder, until, access_epoch)
  SELECT :identity_id::uuid, :holder::uuid, clock_timestamp() + make_interval(secs => ${LONGEST}),
    coalesce((SELECT ${session.access_epoch} FROM ${session.from} WHERE ${session.id} = :session_id::uuid), 0)
  ON CONFLICT (identity_id) DO UPDATE SET holder = excluded.holder, until = excluded.until, access_epoch = excluded.access_epoch
  WHERE running.until < clock_timestamp() OR running.access_epoch < excluded.access_epoch
  RETURNING 1 AS one`,
);

/** Index: change_in_flight_pkey. */
const END = named(
  'end_settings_change',
  `DELETE FROM change_in_flight WHERE identity_id = :identity_id::uuid AND holder = :holder::uuid`,
);

/**
 * HOT: every submitted change passes here first, before any password is hashed or any transaction begins.
 * Invariant: across all nodes, at most one change per identity and epoch is in progress. An intruder from before a
 * recovery can't keep the owner waiting.
 * Guarded by: change-in-flight.race.spec.ts
 */
@Injectable()
export class ChangeInFlight {
  /** ids of sessions with a running change; their next one is refused without a query */
  readonly #running = new Set<string>();

  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly regain: RegainConfig,
  ) {}

  /** @throws SettingsChangeRunning if another change of the identity is in progress */
  async run<T>(whose: { identityId: string; sessionId: string }, change: () => Promise<T>): Promise<T> {
    if (!this.regain.settings.one_at_a_time) return change();
    const { sessionId } = whose;
    if (this.#running.has(sessionId)) throw new SettingsChangeRunning();
    this.#running.add(sessionId);
    try {
      return await this.#alone(whose, change);
    } finally {
      this.#running.delete(sessionId);
    }
  }

  async #alone<T>(
    { identityId, sessionId }: { identityId: string; sessionId: string },
    change: () => Promise<T>,
  ): Promise<T> {
    const own = { identity_id: identityId, session_id: sessionId, holder: this.random.uuid() };
    if ((await this.db.run(BEGIN, own)).length === 0) throw new SettingsChangeRunning();
    try {
      return await change();
    } finally {
      // If this fails, the row expires by itself, and the change is saved anyway.
      await this.db.run(END, own).catch(() => undefined);
    }
  }
}
