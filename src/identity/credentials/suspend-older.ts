import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Ended } from '../../audit/index.js';
import { execute } from '../persistence/execute.js';
import type { FirstCredential } from './credential-listener.js';

/** Values: identity; the account just set, or null. Index: credential_identifier_identity. */
const ACCOUNTS = `
  UPDATE credential_identifier SET suspended_at = clock_timestamp()
  WHERE identity_id = ? AND type = 'oidc' AND suspended_at IS NULL AND normalized IS DISTINCT FROM ?::text RETURNING 1`;

/**
 * Suspends recovery addresses added in the last 30 days. An address without a history was there when the identity was
 * created, and stays. Values: identity; the address that received the redeemed grant, or null. Index:
 * recovery_address_identity, address_history_unique.
 */
const ADDRESSES = `
  UPDATE recovery_address a SET suspended_at = clock_timestamp() FROM address_history h
  WHERE a.identity_id = ? AND a.suspended_at IS NULL AND a.normalized IS DISTINCT FROM ?::text
    AND h.identity_id = a.identity_id AND h.kind = 'recovery' AND h.via = a.via AND h.value = a.value
    AND h.removed_at IS NULL AND h.added_at > clock_timestamp() - interval '30 days' RETURNING 1`;

/** The identifiers stay: they come from the traits, and the next password needs them. */
const FORGET_PASSWORD = `
  UPDATE identity_credential SET config = config - 'hashed_password', updated_at = clock_timestamp()
  WHERE identity_id = ? AND type = 'password' AND config->>'hashed_password' IS NOT NULL RETURNING 1`;

/**
 * Suspends the other ways in when an account is handed over: they stop working until the person or an administrator
 * keeps them.
 */
@Injectable()
export class SuspendOlder {
  /** @param sentTo the address that the grant was mailed to, which is thereby proved */
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
