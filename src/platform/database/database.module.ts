import { MikroORM } from '@mikro-orm/core';
import { defineConfig, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import type { Pool } from 'pg';
import { Database } from './database.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { troubleOf } from './driver-errors.js';
import { guardPool } from './guarded-pool.js';
import { readJsonExactly } from './exact-types.js';

export { type DatabaseOptions } from './database.options.js';

/** Milliseconds a request may wait for a free connection before it is answered 503. */
const CONNECTION_WAIT = 1500;
/** Milliseconds after the server should have ended a statement: until then its word may be on the way. */
const WORD_OF_IT = 1000;

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
        statement_timeout: options.statementTimeout,
        onPoolCreated: (pool: Pool) => {
          readJsonExactly(pool.options.types as pg.TypeOverrides);
          pool.on('error', (error: Error & { code?: string }) =>
            options.onConnectionError(error.code ?? 'none', troubleOf(error) ?? 'unknown'),
          );
          guardPool(pool, options.statementTimeout + WORD_OF_IT);
        },
      },
    }),
  );
}
