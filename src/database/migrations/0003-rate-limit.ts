import { Migration } from '@mikro-orm/migrations';

/**
 * What was counted within windows of time. The columns are rate-limiter-flexible's; keys are MACs. Not logged ahead: counting
 * waits for no disk, and a crash of the database forgets counts, nothing else.
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
