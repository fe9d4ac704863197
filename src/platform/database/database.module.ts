import { MikroORM } from '@mikro-orm/core';
import { defineConfig, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import type { Pool, PoolClient } from 'pg';
import { Database } from './database.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { readJsonExactly } from './json-types.js';

export { type DatabaseOptions } from './database.options.js';

/** Milliseconds a request may wait for a free connection before it is answered 503. */
const CONNECTION_WAIT = 1500;

@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(MikroORM) private readonly orm: MikroORM) {}

  static forRoot(options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: DATABASE_OPTIONS, useValue: options },
        { provide: MikroORM, useFactory: () => createOrm(options) },
        Database,
      ],
      exports: [Database],
    };
  }

  /** The pool outlives every other hook: whatever drains may still write. */
  async onApplicationShutdown(): Promise<void> {
    await this.orm.close(true);
  }
}

/** Milliseconds in which whoever holds a connection that ended has heard of it. */
const HEARD_OF_IT = 1000;

/**
 * A connection that ends within a transaction fails the rollback too, and the ORM's driver then keeps its place in the pool
 * for good: a restart of the database would use the pool up, and closing it would never end.
 */
function giveBack(client: PoolClient): void {
  setTimeout(() => {
    try {
      client.release(true);
    } catch {
      // whoever held it has given it back
    }
  }, HEARD_OF_IT).unref();
}

function createOrm(options: DatabaseOptions): MikroORM {
  return new MikroORM(
    defineConfig({
      driver: PostgreSqlDriver,
      clientUrl: options.url,
      entities: [...options.entities],
      pool: { min: 0, max: options.pool },
      allowGlobalContext: false,
      implicitTransactions: true,
      logger: () => undefined,
      debug: false,
      driverOptions: {
        connectionTimeoutMillis: CONNECTION_WAIT,
        idleTimeoutMillis: 30_000,
        keepAlive: true,
        application_name: 'regain',
        ...(options.statementTimeout > 0 ? { statement_timeout: options.statementTimeout } : {}),
        onPoolCreated: (pool: Pool) => {
          readJsonExactly(pool.options.types as pg.TypeOverrides);
          pool.on('error', (error: Error & { code?: string }) => options.onConnectionError(error.code ?? 'none'));
          pool.on('connect', (client) => client.once('end', () => giveBack(client)));
        },
      },
    }),
  );
}
