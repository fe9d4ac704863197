import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../../../config/index.js';
import { Database, named } from '../../../platform/database/index.js';
import { Random } from '../../../platform/random/index.js';
import { SettingsChangeRunning } from '../settings.errors.js';

/** Seconds after which a change counts as over although nobody said so: its node died. No change takes as long. */
const LONGEST = 20;

/** Index: change_in_flight_pkey. */
const BEGIN = named(
  'begin_settings_change',
  `
  INSERT INTO change_in_flight AS running (identity_id, holder, until)
  VALUES (:identity_id::uuid, :holder::uuid, clock_timestamp() + make_interval(secs => ${LONGEST}))
  ON CONFLICT (identity_id) DO UPDATE SET holder = excluded.holder, until = excluded.until
  WHERE running.until < clock_timestamp()
  RETURNING 1 AS one`,
);

/** Index: change_in_flight_pkey. */
const END = named(
  'end_settings_change',
  `DELETE FROM change_in_flight WHERE identity_id = :identity_id::uuid AND holder = :holder::uuid`,
);

/**
 * HOT: every change that a person submits goes through here, before any password is hashed and any transaction begins.
 * Invariant: of one identity's changes at most one is under way, over all nodes.
 * Guarded by: change-in-flight.race.spec.ts
 */
@Injectable()
export class ChangeInFlight {
  readonly #running = new Set<string>();

  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly regain: RegainConfig,
  ) {}

  /** @throws SettingsChangeRunning where another change of the identity is under way */
  async run<T>(identityId: string, change: () => Promise<T>): Promise<T> {
    if (!this.regain.settings.one_at_a_time) return change();
    if (this.#running.has(identityId)) throw new SettingsChangeRunning();
    this.#running.add(identityId);
    try {
      return await this.#alone(identityId, change);
    } finally {
      this.#running.delete(identityId);
    }
  }

  async #alone<T>(identityId: string, change: () => Promise<T>): Promise<T> {
    const own = { identity_id: identityId, holder: this.random.uuid() };
    if ((await this.db.run(BEGIN, own)).length === 0) throw new SettingsChangeRunning();
    try {
      return await change();
    } finally {
      // Where this fails the row ends by itself, and what was changed is changed.
      await this.db.run(END, own).catch(() => undefined);
    }
  }
}
