import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { execute } from '../persistence/execute.js';

/** A way in that a hand-over suspended: it doesn't work, and gets no secret, until it is kept. */
export interface SuspendedWay {
  readonly id: string;
  readonly kind: 'account' | 'address';
  /** for an account, the provider; for an address, the address that mail goes to */
  readonly name: string;
  readonly since: Date;
}

/** Indexes: credential_identifier_identity, recovery_address_identity. */
const LIST = `
  SELECT id, 'account' AS kind, split_part(value, ':', 1) AS name, suspended_at AS since
  FROM credential_identifier WHERE identity_id = $1::uuid AND suspended_at IS NOT NULL
  UNION ALL
  SELECT id, 'address', value, suspended_at FROM recovery_address WHERE identity_id = $1::uuid AND suspended_at IS NOT NULL
  ORDER BY since, id`;

/** Values: identity; the way's id. */
const keep = (table: string): string => `
  UPDATE ${table} SET suspended_at = NULL WHERE identity_id = ? AND id = ?::uuid AND suspended_at IS NOT NULL RETURNING 1 AS one`;

/** Values: identity, way, identity, way. */
const FIND = `
  SELECT id, 'account' AS kind, split_part(value, ':', 1) AS via, value, normalized FROM credential_identifier
  WHERE identity_id = ? AND id = ?::uuid AND suspended_at IS NOT NULL
  UNION ALL
  SELECT id, 'address', via, value, normalized FROM recovery_address WHERE identity_id = ? AND id = ?::uuid AND suspended_at IS NOT NULL`;

/** A suspended way as stored. */
export interface StoredWay {
  readonly id: string;
  readonly kind: SuspendedWay['kind'];
  /** for an account, its provider; for an address, `email` or `sms` */
  readonly via: string;
  readonly value: string;
  readonly normalized: string;
}

@Injectable()
export class SuspendedWays {
  constructor(private readonly db: Database) {}

  async of(identityId: string): Promise<SuspendedWay[]> {
    return this.db.statement<SuspendedWay>('suspended_ways', LIST, [identityId]);
  }

  async find(em: SqlEntityManager, identityId: string, id: string): Promise<StoredWay | undefined> {
    return (await execute<StoredWay>(em, FIND, [identityId, id, identityId, id]))[0];
  }

  /**
   * Puts a suspended way in back into use. Resolves to its kind; undefined if the identity has no such suspended way.
   */
  async keep(em: SqlEntityManager, identityId: string, id: string): Promise<SuspendedWay['kind'] | undefined> {
    if ((await execute(em, keep('credential_identifier'), [identityId, id])).length > 0) return 'account';
    return (await execute(em, keep('recovery_address'), [identityId, id])).length > 0 ? 'address' : undefined;
  }
}
