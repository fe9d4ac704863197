import { Inject, Injectable } from '@nestjs/common';
import { RegainConfig } from '../../config/index.js';
import { recoveryMailboxes } from '../../identity/sql.js';
import { Database, named } from '../../platform/database/index.js';
import { KEY_RING, type KeyRing } from '../../platform/keys/index.js';
import type { Rate, Rates } from '../../platform/limits/index.js';
import { RATES } from '../../platform/rate-limit/index.js';

const MAILBOXES = recoveryMailboxes('address.normalized = :normalized::text', ':address_min_age::double precision');
/**
 * The account that the address belongs to, or the address itself if nobody has it; both are counted alike. Index:
 * recovery_address_unique, address_history_kept.
 */
const SUBJECT = `
  SELECT coalesce(
    uuid_send((SELECT identity_id FROM ${MAILBOXES} AS mailbox ORDER BY works_from NULLS FIRST LIMIT 1)),
    :digest::bytea) AS subject`;

const SINCE = `clock_timestamp() - make_interval(secs => :seconds::double precision)`;

/** Index: code_guess_pkey. */
const COUNT = named(
  'count_account_guess',
  `
  INSERT INTO code_guess AS known (subject, guessed_at, last_at)
  SELECT subject, ARRAY[clock_timestamp()], clock_timestamp() FROM (${SUBJECT}) AS account_
  ON CONFLICT (subject) DO UPDATE SET last_at = clock_timestamp(),
    guessed_at = ARRAY(SELECT each FROM unnest(known.guessed_at) AS each WHERE each > ${SINCE}) || clock_timestamp()
  WHERE (SELECT count(*) FROM unnest(known.guessed_at) AS each WHERE each > ${SINCE}) < :most::integer
  RETURNING 1 AS one`,
);

/** Index: code_guess_pkey. */
const USED_UP = named(
  'account_guesses_used_up',
  `
  SELECT (SELECT count(*) FROM code_guess, unnest(guessed_at) AS each
    WHERE code_guess.subject = account_.subject AND each > ${SINCE}) >= :most::integer AS used_up
  FROM (${SUBJECT}) AS account_`,
);

/**
 * HOT: counts every guess of a mailed short code before it is compared, in a statement of its own.
 * Invariant: within any window of the limit's length, the number of guesses compared for one account is limited, across
 * all flows, networks and addresses, whether or not the address exists.
 * Guarded by: count-account-guess.race.spec.ts
 */
@Injectable()
export class CountAccountGuess {
  readonly #rate: Rate | null;

  constructor(
    private readonly db: Database,
    private readonly regain: RegainConfig,
    @Inject(KEY_RING) private readonly keys: KeyRing,
    @Inject(RATES) rates: Rates,
  ) {
    this.#rate = rates.code_account;
  }

  /**
   * Whether the guess may be compared.
   * @param address normalized
   */
  async run(address: string): Promise<boolean> {
    if (this.#rate === null) return true;
    return (await this.db.run(COUNT, this.#values(address, this.#rate))).length === 1;
  }

  /**
   * Whether all short codes of the address currently count as wrong.
   * @param address normalized
   */
  async usedUp(address: string): Promise<boolean> {
    if (this.#rate === null) return false;
    const [row] = await this.db.run<{ used_up: boolean }>(USED_UP, this.#values(address, this.#rate));
    return row!.used_up;
  }

  #values(address: string, { points, seconds }: Rate): Record<string, unknown> {
    const { mac } = this.keys.mac('code-guess', address);
    const address_min_age = this.regain.recovery.address_min_age.seconds;
    return { normalized: address, address_min_age, digest: mac, seconds, most: points };
  }
}
