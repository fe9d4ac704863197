import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../../config/index.js';
import { identityRow, recoveryAddressRow, recoveryMailboxes } from '../../identity/sql.js';
import { Database } from '../../platform/database/index.js';

/** An identity, and where its link or code would be sent. */
export interface FoundMailbox {
  state: string;
  availableAal: string;
  traits: unknown;
  /** null: the identity has no such address */
  addressId: string | null;
  value: string | null;
  normalized: string | null;
  /** set or changed less than `address_min_age` ago, by anyone */
  young: boolean | null;
  /** added by an access token without credentials:write, and not yet of age */
  waits: boolean | null;
}

const identity = identityRow();
const stored = recoveryAddressRow('stored');

/**
 * $1: identity, $2: address or null, $3: seconds. Index: identity_pkey, recovery_address_identity,
 * address_history_unique.
 */
const MAILBOX = `
  SELECT ${identity.state}, ${identity.available_aal} AS "availableAal", ${identity.traits}, mailbox.id AS "addressId",
    mailbox.value, mailbox.normalized, mailbox.works_from IS NOT NULL AS waits,
    coalesce(${stored.updated_at}, mailbox.first_seen_at) > clock_timestamp() - make_interval(secs => $3::double precision) AS young
  FROM ${identity.from} LEFT JOIN ${recoveryMailboxes(
    'address.identity_id = $1::uuid AND ($2::uuid IS NULL OR address.id = $2::uuid)',
    '$3::double precision',
  )} AS mailbox ON mailbox.identity_id = ${identity.id} AND NOT mailbox.suspended
    LEFT JOIN ${stored.from} ON ${stored.id} = mailbox.id
  WHERE ${identity.id} = $1::uuid ORDER BY waits, young, mailbox.first_seen_at, mailbox.id LIMIT 1`;

/**
 * HOT: runs before every link or code that an administrator mails.
 * Invariant: the statement that creates the grant checks the result again.
 * Guarded by: create-grant.race.spec.ts
 */
@Injectable()
export class FindMailbox {
  constructor(
    private readonly db: Database,
    private readonly regain: RegainConfig,
  ) {}

  /**
   * The mailbox with that id; without an id, the oldest one that already gets secrets. Undefined if the identity does
   * not exist.
   */
  async run(identityId: string, addressId: string | undefined): Promise<FoundMailbox | undefined> {
    const values = [identityId, addressId ?? null, this.regain.recovery.address_min_age.seconds];
    const [found] = await this.db.statement<FoundMailbox>('find_recovery_mailbox', MAILBOX, values);
    return found;
  }
}
