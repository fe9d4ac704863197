import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { pino } from 'pino';
import { AccessModule } from '../../src/access/index.js';
import { accessEntities } from '../../src/access/persistence/access.entities.js';
import { auditEntities } from '../../src/audit/persistence/audit.entities.js';
import { RegainConfig, Urls } from '../../src/config/index.js';
import { MIGRATIONS } from '../../src/database/migrations/index.js';
import { DatabaseModule } from '../../src/platform/database/index.js';
import { type Actor, CurrentRequest, HttpModule, RouteTable } from '../../src/platform/http/index.js';
import { KeyRing } from '../../src/platform/keys/index.js';
import { temporaryDatabase } from './temporary-database.js';

@Global()
@Module({
  providers: [RegainConfig, { provide: Urls, useValue: { admin: (path: string) => path } }],
  exports: [RegainConfig, Urls],
})
class Settings {}

const HTTP = {
  public: { host: '127.0.0.1', port: 0 },
  admin: { host: '127.0.0.1', port: 0 },
  publicBaseUrl: 'http://127.0.0.1',
  singleHost: false,
  strictFilters: true,
  trustedProxies: [],
  formOrigins: undefined,
  publicBodyLimit: 65_536,
  browsersKnownFor: undefined,
  cookies: { path: '/', sameSite: 'Lax', secure: false },
} as const;

/** A migrated database with the access and audit modules of as many nodes as a test needs. */
export interface AccessDatabase {
  node(): Promise<TestingModule>;
  rows<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** a connection for the test's own transaction */
  connect(): Promise<pg.PoolClient>;
  /** Disconnects the server; the nodes keep running. */
  lose(): Promise<void>;
  stop(): Promise<void>;
}

export async function accessDatabase(): Promise<AccessDatabase> {
  const { url, stop } = await temporaryDatabase();
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  pool.on('error', () => undefined);
  for (const { class: Migration } of MIGRATIONS) {
    const migration = new Migration({} as never, {} as never);
    migration.up();
    for (const query of migration.getQueries()) await pool.query(String(query));
  }
  const nodes: TestingModule[] = [];
  return {
    async node() {
      const keys = new KeyRing(['a-secret-of-the-tests-only-0001']);
      const node = await Test.createTestingModule({
        imports: [
          Settings,
          DatabaseModule.forRoot({
            url,
            entities: [...accessEntities, ...auditEntities],
            pool: 10,
            statementTimeout: 10_000,
            prepared: true,
            onConnectionError: () => undefined,
          }),
          HttpModule.forRoot(HTTP, new RouteTable(), pino({ level: 'silent' }), keys),
          AccessModule,
        ],
      }).compile();
      nodes.push(node);
      return node;
    },
    rows: async <Row extends object>(sql: string, values: unknown[] = []) => (await pool.query<Row>(sql, values)).rows,
    connect: () => pool.connect(),
    async lose() {
      await pool.end();
      await stop();
    },
    async stop() {
      for (const node of nodes) await node.close();
      if (pool.ended) return;
      await pool.end();
      await stop();
    },
  };
}

/** Runs `work` as a request by this actor. */
export function actingAs<T>(actor: Actor, work: () => Promise<T>): Promise<T> {
  const context = {
    requestId: 'request-1',
    network: '192.0.2.7',
    userAgent: 'spec',
    reason: 'drill',
    ticket: 'T-1',
    actor,
  };
  return new CurrentRequest().run(context, work);
}
