import type { EntitySchema } from '@mikro-orm/core';

export const DATABASE_OPTIONS = Symbol('DATABASE_OPTIONS');

export interface DatabaseOptions {
  /** postgres:// URL */
  readonly url: string;
  readonly entities: readonly EntitySchema[];
  /** connections at most */
  readonly pool: number;
  /** milliseconds after which PostgreSQL ends a statement; sent as a startup parameter */
  readonly statementTimeout: number;
  /** named prepared statements; off behind a transaction pooler without support for them */
  readonly prepared: boolean;
  /** told about connections that break while idle: SQLSTATE or the system's code, and why in words; never with values in it */
  readonly onConnectionError: (code: string, cause: string) => void;
}
