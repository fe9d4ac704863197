import { Migration } from '@mikro-orm/migrations';

/**
 * Counts within time windows. The columns are those of rate-limiter-flexible; keys are MACs. Unlogged: counting waits
 * for no disk, and a database crash loses nothing but counts.
 */
export class Migration0003RateLimit extends Migration {
  override up(): void {
    for (const sql of STATEMENTS) this.addSql(sql);
  }
}

const STATEMENTS = [
  `CREATE UNLOGGED TABLE rate_limit (
    key varchar(255) PRIMARY KEY,
    points integer NOT NULL DEFAULT 0,
    expire bigint
  ) WITH (fillfactor = 70)`,
  `CREATE INDEX rate_limit_expire ON rate_limit (expire)`,
];
