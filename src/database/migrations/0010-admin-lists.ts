import { Migration } from '@mikro-orm/migrations';

/** Indexes for administrators' lists, which would otherwise scan tables that only grow. */
export class Migration0010AdminLists extends Migration {
  override up(): void {
    for (const sql of STATEMENTS) this.addSql(sql);
  }
}

const STATEMENTS = [
  `CREATE INDEX recovery_grant_created_at ON recovery_grant (created_at, id) WHERE identity_id IS NOT NULL`,
  `CREATE INDEX audit_event_actor ON audit_event (actor_id, id)`,
  `CREATE INDEX courier_message_abandoned ON courier_message (created_at, id) WHERE status = 'abandoned'`,
];
