import type { EntitySchema } from '@mikro-orm/core';

export const DATABASE_OPTIONS = Symbol('DATABASE_OPTIONS');

export interface DatabaseOptions {
  /** postgres:// URL */
  readonly url: string;
  readonly entities: readonly EntitySchema[];
  /** largest number of connections */
  readonly pool: number;
  /** milliseconds after which PostgreSQL cancels a statement; sent as a startup parameter */
  readonly statementTimeout: number;
  /** longest wait for a free connection, in milliseconds (default: 1500) */
  readonly connectionWait?: number;
  /** use named prepared statements; turn off behind a transaction pooler that does not support them */
  readonly prepared: boolean;
  /**
   * called when an idle connection breaks, with its SQLSTATE or system code and a short cause; neither contains values
   */
  readonly onConnectionError: (code: string, cause: string) => void;
}
