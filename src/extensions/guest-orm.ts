import { MikroORM } from '@mikro-orm/core';
import { Database, type DatabaseOptions, createOrm } from '../platform/database/index.js';
import { type Extension, schemaOf } from '../platform/extension/index.js';
import { foreignTables } from './foreign-tables.js';
import { lookingIn } from './guest-database.js';

/** Connections that one extension may have at most. */
const POOL = 4;

/** A statement of an extension names what is not its own. A mistake of the extension: whoever asked is answered 500. */
class ForeignTable extends Error {
  override readonly name = 'ForeignTable';

  constructor(extension: string, names: readonly string[], schema: string) {
    super(
      `the extension ${extension} names ${names.join(', ')}: it may use tables of its schema ${schema} only; ` +
        'ask the services that regain exports for everything else',
    );
  }
}

export interface GuestOrmOptions extends Omit<DatabaseOptions, 'entities' | 'pool'> {
  /** told what an extension did wrong; names of tables, never values */
  readonly onMistake: (message: string) => void;
}

export interface GuestOrm {
  readonly database: Database;
  close(): Promise<void>;
}

/** An ORM that knows the extension's entities and nothing of ours. Connects when it is first used. @throws ForeignTable */
export function openGuestOrm(extension: Extension, options: GuestOrmOptions): GuestOrm {
  const schema = schemaOf(extension);
  const own = { ...options, entities: extension.entities ?? [], pool: POOL };
  const orm = createOrm(own, {
    schema,
    discovery: { warnWhenNoEntities: false },
    onQuery: (sql: string) => {
      const foreign = sql === lookingIn(schema) ? [] : foreignTables(sql, schema);
      if (foreign.length === 0) return sql;
      const mistake = new ForeignTable(extension.name, foreign, schema);
      options.onMistake(mistake.message); // the request's own log line holds no message of an unexpected error
      throw mistake;
    },
  });
  refuseForeignEntities(orm, extension, schema);
  return { database: new Database(orm, own), close: () => orm.close(true) };
}

function refuseForeignEntities(orm: MikroORM, { name }: Extension, schema: string): void {
  const foreign = [...orm.getMetadata().getAll().values()]
    .filter((meta) => meta.schema !== undefined && meta.schema !== schema)
    .map((meta) => `${meta.schema}.${meta.tableName}`);
  if (foreign.length > 0) throw new ForeignTable(name, foreign, schema);
}
