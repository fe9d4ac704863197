import { Migration } from '@mikro-orm/migrations';

/**
 * Lets support search for people by part of an identifier. Stores trigrams in an indexed array, without an extension.
 */
export class Migration0015IdentifierSearch extends Migration {
  override up(): void {
    for (const sql of STATEMENTS) this.addSql(sql);
  }
}

const STATEMENTS = [
  `CREATE FUNCTION identifier_trigrams(identifier text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
     SELECT ARRAY(
       SELECT DISTINCT substr('  ' || identifier, n, 3) FROM generate_series(1, length(identifier)) AS n)
   $$`,
  `CREATE INDEX credential_identifier_trigrams ON credential_identifier USING gin (identifier_trigrams(normalized))`,
];
