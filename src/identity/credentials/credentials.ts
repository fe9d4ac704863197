import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { Random } from '../../platform/random/index.js';
import { FindPassword, type PasswordCredential } from '../hot/find-password.js';
import { execute } from '../persistence/execute.js';
import { CredentialIdentifier } from '../persistence/identity.entities.js';
import type { StoredCredential } from '../bulk/stored-identity.js';
import { hasPassword } from './has-password.js';
import { hasNoSecondFactor } from './second-factors.js';

const SET_PASSWORD = `
  INSERT INTO identity_credential (id, identity_id, type, config, version)
  VALUES (?, ?, 'password', jsonb_build_object('hashed_password', ?::text), 1)
  ON CONFLICT (identity_id, type) DO UPDATE SET
    config = identity_credential.config || excluded.config, updated_at = clock_timestamp()
  WHERE identity_credential.config->>'hashed_password' IS DISTINCT FROM excluded.config->>'hashed_password'
  RETURNING 1 AS one`;

/** Index: identity_credential_type_unique. */
const HASH = `SELECT config->>'hashed_password' AS hash FROM identity_credential WHERE identity_id = $1::uuid AND type = 'password'`;

const REHASH = `
  UPDATE identity_credential
  SET config = config || jsonb_build_object('hashed_password', $3::text), updated_at = clock_timestamp()
  WHERE identity_id = $1 AND type = 'password' AND config->>'hashed_password' = $2`;

/**
 * Locks the identities first: if another transaction has just deleted the last factor, it has also lowered the level,
 * and no factor is added.
 */
const ADD_MISSING_SECOND_FACTORS = `
  WITH factor_ AS (
    SELECT n.* FROM json_to_recordset(?::json) AS n("identityId" uuid, id uuid, type text, config jsonb, version integer,
      "createdAt" timestamptz, "updatedAt" timestamptz)),
  owner_ AS (
    SELECT i.id FROM identity i
    WHERE i.id IN (SELECT "identityId" FROM factor_) AND i.available_aal <> 'aal1' AND ${hasNoSecondFactor('i.id')}
    ORDER BY i.id FOR UPDATE)
  INSERT INTO identity_credential (id, identity_id, type, config, version, created_at, updated_at)
  SELECT f.id, f."identityId", f.type, f.config, f.version, f."createdAt", f."updatedAt"
  FROM factor_ f JOIN owner_ ON owner_.id = f."identityId"
  RETURNING 1 AS one`;

/** Reads and writes credentials. Makes no access decision. */
@Injectable()
export class Credentials {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly findPassword: FindPassword,
  ) {}

  /** The hash for an identifier in any spelling; undefined if there is none. */
  async passwordFor(identifier: string): Promise<PasswordCredential | undefined> {
    return this.findPassword.run(identifier);
  }

  /**
   * Every identifier that the identity signs in with, in display form and without duplicates. Connected accounts are
   * not included.
   */
  async identifiersOf(identityId: string): Promise<string[]> {
    const own = { identityId, type: { $ne: 'oidc' } };
    const rows = await this.db.read((em) => em.find(CredentialIdentifier, own, { orderBy: { id: 'asc' } }));
    return [...new Set(rows.map(({ value }) => value))];
  }

  /** Whether the identity has an identifier to sign in with by password. */
  async hasPasswordIdentifier(identityId: string): Promise<boolean> {
    return (await this.db.read((em) => em.count(CredentialIdentifier, { identityId, type: 'password' }))) > 0;
  }

  async hasPassword(identityId: string): Promise<boolean> {
    return this.db.read((em) => hasPassword(em, identityId));
  }

  /** The hash of the identity's password; undefined if it has none. */
  async hashOf(identityId: string): Promise<string | undefined> {
    const [row] = await this.db.statement<{ hash: string | null }>('identity_hash_of', HASH, [identityId]);
    return row?.hash ?? undefined;
  }

  /**
   * Sets or replaces the identity's password. Resolves to whether it had one before.
   * @param hash made by Passwords
   */
  async setPassword(em: SqlEntityManager, identityId: string, hash: string): Promise<boolean> {
    return (await execute(em, SET_PASSWORD, [this.random.uuid(), identityId, hash])).length === 1;
  }

  /** Replaces a hash with a better one of the same password; does nothing if the password has changed meanwhile. */
  async rehash(identityId: string, oldHash: string, newHash: string): Promise<void> {
    await this.db.statement('identity_rehash', REHASH, [identityId, oldHash, newHash]);
  }

  /**
   * Adds second factor credentials to identities whose level says that they have a factor, but not which. Resolves to
   * the number of rows added.
   */
  async addMissingSecondFactors(
    em: SqlEntityManager,
    factors: readonly (StoredCredential & { readonly identityId: string })[],
  ): Promise<number> {
    return (await execute(em, ADD_MISSING_SECOND_FACTORS, [JSON.stringify(factors)])).length;
  }
}
