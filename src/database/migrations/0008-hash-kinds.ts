import { Migration } from '@mikro-orm/migrations';

/**
 * Indexes the part of a password hash before its salt, which names algorithm and parameters. It tells which kinds of
 * hashes exist, and so what checking one costs, without reading all of them. A wrapped hash has two such parts.
 */
export class Migration0008HashKinds extends Migration {
  override up(): void {
    this.addSql(
      `CREATE INDEX identity_credential_hash_kind ON identity_credential ((${KIND})) WHERE type = 'password'`,
    );
  }
}

/** Must equal the expression in src/identity/passwords/hash-kinds.ts; a test checks this against the query plan. */
const KIND = String.raw`(coalesce(substring(config->>'hashed_password' from '^\$wrapped\$[A-Za-z0-9_-]{1,8}'), '')
  || substring(config->>'hashed_password' from '^(?:\$wrapped\$[^$]*)?(\$[a-z0-9-]{1,16}(?:\$v=[0-9]+)?(?:\$[a-z]+=[0-9a-z,=]+|\$[0-9][0-9](?=\$))?)'))`;
