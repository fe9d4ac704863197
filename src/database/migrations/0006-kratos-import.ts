import { Migration } from '@mikro-orm/migrations';

/** Runs of `regain import kratos`: when, from which network, how much. `broken`: ended by an error, or killed. */
export class Migration0006KratosImport extends Migration {
  override up(): void {
    this.addSql(`CREATE TABLE kratos_import (
      id uuid PRIMARY KEY,
      network_id uuid NOT NULL,
      state text NOT NULL CHECK (state IN ('running', 'ended', 'broken')),
      identities integer NOT NULL DEFAULT 0,
      sessions integer NOT NULL DEFAULT 0,
      started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      ended_at timestamptz
    )`);
  }
}
