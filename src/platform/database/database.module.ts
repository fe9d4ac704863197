import { MikroORM, type Options } from '@mikro-orm/core';
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

/** Longest a request waits for a free connection, in milliseconds, unless the options say otherwise; then it gets a 503. */
const CONNECTION_WAIT = 1500;
/** Milliseconds to keep waiting after the server should have ended a statement: its reply may still be on the way. */
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

  /** Runs in the last shutdown hook: work that is still draining may need to write. */
  async onApplicationShutdown(): Promise<void> {
    await this.orm.close(true);
  }
}

/** @param more of MikroORM's own options */
export function createOrm(
  options: DatabaseOptions,
  more: Partial<Pick<Options, 'schema' | 'onQuery' | 'discovery'>> = {},
): MikroORM {
  return new MikroORM(
    defineConfig({
      ...more,
      driver: PostgreSqlDriver,
      clientUrl: options.url,
      entities: [...options.entities],
      pool: { min: 0, max: options.pool },
      allowGlobalContext: false,
      implicitTransactions: true,
      logger: () => undefined,
      debug: false,
      driverOptions: {
        connectionTimeoutMillis: options.connectionWait ?? CONNECTION_WAIT,
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
