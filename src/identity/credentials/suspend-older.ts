import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Ended } from '../../audit/index.js';
import { execute } from '../persistence/execute.js';
import type { FirstCredential } from './credential-listener.js';

/** ? identity, ? the account that was set now, or null. Index: credential_identifier_identity. */
const ACCOUNTS = `
  UPDATE credential_identifier SET suspended_at = clock_timestamp()
  WHERE identity_id = ? AND type = 'oidc' AND suspended_at IS NULL AND normalized IS DISTINCT FROM ?::text RETURNING 1`;

/**
 * Recovery addresses added in the last 30 days. One without a history came with the identity, and stays.
 * ? identity, ? the address that the redeemed grant was mailed to, or null. Index: recovery_address_identity, address_history_unique.
 */
const ADDRESSES = `
  UPDATE recovery_address a SET suspended_at = clock_timestamp() FROM address_history h
  WHERE a.identity_id = ? AND a.suspended_at IS NULL AND a.normalized IS DISTINCT FROM ?::text
    AND h.identity_id = a.identity_id AND h.kind = 'recovery' AND h.via = a.via AND h.value = a.value
    AND h.removed_at IS NULL AND h.added_at > clock_timestamp() - interval '30 days' RETURNING 1`;

/** The identifiers stay: they are the traits', and lead to the next password. */
const FORGET_PASSWORD = `
  UPDATE identity_credential SET config = config - 'hashed_password', updated_at = clock_timestamp()
  WHERE identity_id = ? AND type = 'password' AND config->>'hashed_password' IS NOT NULL RETURNING 1`;

/** Takes the other ways in out of use, when the account is handed over: until somebody keeps them, they open nothing. */
@Injectable()
export class SuspendOlder {
  /** @param sentTo where the grant was mailed to, which proved itself */
  async run(
    em: SqlEntityManager,
    identityId: string,
    credential: FirstCredential,
    sentTo: string | null,
  ): Promise<Ended> {
    const account = credential.type === 'oidc' ? credential.identifier : null;
    const accounts = await execute(em, ACCOUNTS, [identityId, account]);
    const addresses = await execute(em, ADDRESSES, [identityId, sentTo]);
    const passwords = account === null ? [] : await execute(em, FORGET_PASSWORD, [identityId]);
    return { accounts: accounts.length, addresses: addresses.length, passwords: passwords.length };
  }
}
