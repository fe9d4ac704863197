import { Migration } from '@mikro-orm/migrations';

/** What administrators list by, and what would otherwise read a whole table that only grows. */
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
