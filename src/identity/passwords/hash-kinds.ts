import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';

/**
 * Algorithm and parameters: `$argon2id$v=19$m=65536,t=3,p=4`, `$2b$12`, `$pbkdf2-sha256$i=310000,l=32`, … For a wrapped
 * hash also its inner kind: the first six characters of the name, in base64, which come before any salt. Some inner
 * kinds take time too.
 */
const KIND = String.raw`(coalesce(substring(config->>'hashed_password' from '^\$wrapped\$[A-Za-z0-9_-]{1,8}'), '')
  || substring(config->>'hashed_password' from '^(?:\$wrapped\$[^$]*)?(\$[a-z0-9-]{1,16}(?:\$v=[0-9]+)?(?:\$[a-z]+=[0-9a-z,=]+|\$[0-9][0-9](?=\$))?)'))`;

const OF_PASSWORDS = `FROM identity_credential WHERE type = 'password'`;

/** Measuring more would take too long; a database imported from a single system has far fewer. */
const MOST_KINDS = 64;

/**
 * Each kind with one hash of it. Skips from kind to kind in the index, so the cost depends on the number of kinds, not
 * of passwords. Index: identity_credential_hash_kind.
 */
export const HASH_KINDS = `
  WITH RECURSIVE kind_ AS (
    (SELECT ${KIND} AS kind ${OF_PASSWORDS} AND ${KIND} IS NOT NULL ORDER BY ${KIND} LIMIT 1)
    UNION ALL
    SELECT (SELECT ${KIND} ${OF_PASSWORDS} AND ${KIND} > kind_.kind ORDER BY ${KIND} LIMIT 1)
    FROM kind_ WHERE kind_.kind IS NOT NULL)
  SELECT kind_.kind, sample_.hash
  FROM kind_ CROSS JOIN LATERAL (
    SELECT config->>'hashed_password' AS hash ${OF_PASSWORDS} AND ${KIND} = kind_.kind LIMIT 1) AS sample_
  LIMIT ${MOST_KINDS}`;

export interface HashKind {
  readonly kind: string;
  /** any one hash of that kind */
  readonly hash: string;
}

/** Lists the kinds of password hashes in this database. */
@Injectable()
export class HashKinds {
  constructor(private readonly db: Database) {}

  async list(): Promise<HashKind[]> {
    return this.db.statement<HashKind>('identity_hash_kinds', HASH_KINDS, []);
  }
}
