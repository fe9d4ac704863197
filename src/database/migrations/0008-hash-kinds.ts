import { Migration } from '@mikro-orm/migrations';

/**
 * What password hashes there are, and what checking one costs, must be known without reading them all: an index on the
 * part of a hash before its salt, which names algorithm and parameters. A wrapped hash has two.
 */
export class Migration0008HashKinds extends Migration {
  override up(): void {
    this.addSql(
      `CREATE INDEX identity_credential_hash_kind ON identity_credential ((${KIND})) WHERE type = 'password'`,
    );
  }
}

/** The same expression as in src/identity/passwords/hash-kinds.ts, which a test holds against the plan. */
const KIND = String.raw`(coalesce(substring(config->>'hashed_password' from '^\$wrapped\$[A-Za-z0-9_-]{1,8}'), '')
  || substring(config->>'hashed_password' from '^(?:\$wrapped\$[^$]*)?(\$[a-z0-9-]{1,16}(?:\$v=[0-9]+)?(?:\$[a-z]+=[0-9a-z,=]+|\$[0-9][0-9](?=\$))?)'))`;
