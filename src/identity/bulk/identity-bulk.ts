import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/index.js';
import { Database } from '../../platform/database/index.js';
import { Random } from '../../platform/random/index.js';
import { execute } from '../persistence/execute.js';
import { FIND_TAKEN, INSERTS, READ } from './identity-bulk.sql.js';
import { type Claim, claimsOf, type StoredIdentity } from './stored-identity.js';

/** Reads and writes many complete identities at once. Checks no rule and audits nothing; the caller does both. */
@Injectable()
export class IdentityBulk {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  /** The given ids that already exist. */
  async existing(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const sql = 'SELECT id FROM identity WHERE id = ANY($1::uuid[])';
    const rows = await this.db.statement<{ id: string }>('identity_bulk_existing', sql, [ids]);
    return new Set(rows.map(({ id }) => id));
  }

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, StoredIdentity>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db.statement<{ identity: StoredIdentity }>('identity_bulk_read', READ, [ids]);
    return new Map(rows.map(({ identity }) => [identity.id, identity]));
  }

  /** The claims of these identities that other identities already hold. */
  async taken(identities: readonly StoredIdentity[]): Promise<Claim[]> {
    const claims = JSON.stringify(identities.flatMap(claimsOf));
    return this.db.statement<Claim>('identity_bulk_taken', FIND_TAKEN, [claims]);
  }

  /** Runs in the caller's transaction. Rejects with a unique violation if an id or a claim is taken. */
  async insert(em: SqlEntityManager, identities: readonly StoredIdentity[]): Promise<void> {
    for (const [rows, sql] of [
      [identities, INSERTS.identity],
      [credentialsOf(identities), INSERTS.credential],
      [this.#identifiersOf(identities), INSERTS.identifier],
      [addressesOf(identities, 'recoveryAddresses'), INSERTS.recovery],
      [addressesOf(identities, 'verifiableAddresses'), INSERTS.verifiable],
    ] as const)
      if (rows.length > 0) await execute(em, sql, [JSON.stringify(rows)]);
  }

  /** Identifier ids ascend in display order. */
  #identifiersOf(identities: readonly StoredIdentity[]): object[] {
    const now = this.clock.now().getTime();
    return identities.flatMap(({ id: identityId, credentials }) => {
      let order = 0;
      return credentials.flatMap(({ id: credentialId, type, identifiers }) =>
        identifiers.map((identifier) => ({
          id: this.random.uuidV7(new Date(now + order++)),
          credentialId,
          identityId,
          type,
          ...identifier,
        })),
      );
    });
  }
}

const credentialsOf = (identities: readonly StoredIdentity[]): object[] =>
  identities.flatMap(({ id: identityId, credentials }) =>
    credentials.map(({ identifiers: _, ...credential }) => ({ identityId, ...credential })),
  );

const addressesOf = (
  identities: readonly StoredIdentity[],
  which: 'recoveryAddresses' | 'verifiableAddresses',
): object[] =>
  identities.flatMap((identity) => identity[which].map((address) => ({ identityId: identity.id, ...address })));
