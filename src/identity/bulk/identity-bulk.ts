import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/index.js';
import { Database } from '../../platform/database/index.js';
import { Random } from '../../platform/random/index.js';
import { execute } from '../persistence/execute.js';
import { FIND_TAKEN, INSERTS, READ } from './identity-bulk.sql.js';
import { type Claim, claimsOf, type StoredIdentity } from './stored-identity.js';

/** Many identities at once, whole: no rule of ours is asked, nothing is audited. Whoever moves them in does both. */
@Injectable()
export class IdentityBulk {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  /** Those of the ids that are here already. */
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

  /** What of these identities belongs to another identity here. */
  async taken(identities: readonly StoredIdentity[]): Promise<Claim[]> {
    const claims = JSON.stringify(identities.flatMap(claimsOf));
    return this.db.statement<Claim>('identity_bulk_taken', FIND_TAKEN, [claims]);
  }

  /** In the caller's transaction. Rejects with a unique violation where an id or a claim is taken. */
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

  /** Their ids grow in the order in which they are shown. */
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
