import { randomUUID } from 'node:crypto';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { Database, DatabaseModule } from '../../src/platform/database/index.js';
import { errorsEntities } from '../../src/self-service/errors/persistence/errors.entities.js';
import { sessionEntities } from '../../src/session/persistence/session.entities.js';
import { freshDatabase } from './database.js';

/** A migrated database, the application's access to it, and plain SQL for setting up and checking. */
export interface SessionDatabase {
  db: Database;
  pool: pg.Pool;
  rows<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Creates an identity with an address; resolves to its id. */
  person(state?: 'active' | 'inactive'): Promise<string>;
  stop(): Promise<void>;
}

export async function sessionDatabase(): Promise<SessionDatabase> {
  const { url, drop } = await freshDatabase();
  const entities = [...sessionEntities, ...errorsEntities];
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  const module = await Test.createTestingModule({
    imports: [
      DatabaseModule.forRoot({
        url,
        entities,
        pool: 20,
        statementTimeout: 10_000,
        prepared: true,
        onConnectionError: () => undefined,
      }),
    ],
  }).compile();
  const rows = async <Row extends object>(sql: string, values: unknown[] = []) =>
    (await pool.query<Row>(sql, values)).rows;
  return {
    db: module.get(Database),
    pool,
    rows,
    async person(state = 'active') {
      const id = randomUUID();
      await rows(
        `INSERT INTO identity (id, schema_id, state, traits) VALUES ($1, 'person', $2, '{"email":"a@example.com"}')`,
        [id, state],
      );
      await rows(
        `INSERT INTO recovery_address (id, identity_id, via, value, normalized) VALUES ($1, $2, 'email', $3, $3)`,
        [randomUUID(), id, `${id}@example.com`],
      );
      return id;
    },
    async stop() {
      await module.close();
      await pool.end();
      await drop();
    },
  };
}
