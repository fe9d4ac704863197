import { BadRequest, Conflict, Unavailable } from '../platform/errors/index.js';
import type { KratosShape } from './source/kratos-shape.js';

/** The DSN cannot be one of a Kratos on PostgreSQL. */
export class KratosDsnUnusable extends BadRequest {}

/** The source did not let us in. Never with a part of the DSN in it. */
export class KratosSourceUnreachable extends BadRequest {
  static because(error: unknown): KratosSourceUnreachable {
    const code = codeOf(error);
    const why: Readonly<Record<string, string>> = {
      '28P01': 'it refuses the user name or password',
      '28000': 'it refuses the user',
      '3D000': 'there is no database of that name',
      '42501': 'the user may not read what is needed: docs/import-kratos.md has the grants',
      ECONNREFUSED: 'nothing listens there',
      ENOTFOUND: 'the host is unknown',
    };
    return new KratosSourceUnreachable(`The Kratos database cannot be read (${code}): ${why[code] ?? 'see the code'}.`);
  }
}

/** Not a Kratos database, or one of another time. */
export class KratosShapeUnknown extends BadRequest {
  constructor({ missing, tables }: KratosShape) {
    const found = tables.length === 0 ? 'none of its tables' : `the tables ${tables.join(', ')}`;
    super(
      `This is not the database of a Kratos that can be imported. Found: ${found}. Missing, or not visible to this user: ` +
        `${missing.join(', ')}. Kratos 1.0 and later work, once all of their migrations have run (kratos migrate sql).`,
    );
  }
}

/** The source was there and went away. */
export class KratosSourceLost extends Unavailable {
  static because(error: unknown): KratosSourceLost {
    const code = codeOf(error);
    if (code === '42501')
      return new KratosSourceLost(
        'The user may not read a table of the Kratos database: docs/import-kratos.md has the grants.',
      );
    return new KratosSourceLost(
      `The Kratos database did not answer to the end (${code}). What was written is whole as far as it goes: run the command again.`,
    );
  }
}

/** Somebody else imports into the same database right now. */
export class KratosImportRuns extends Conflict {
  constructor() {
    super('Another import into this database is under way. Wait for it, or end it.');
  }
}

/** The run's row says that somebody else has taken over. */
export class KratosImportTakenOver extends Conflict {
  constructor() {
    super('This import lost its lock on the database, and another one may be under way. Run the command again.');
  }
}

/** The lock holds one connection, and the work needs another. */
export class PoolTooSmall extends BadRequest {
  constructor() {
    super('The import needs two connections: regain.database.pool must be at least 2.');
  }
}

/** Between looking and writing, something that was free was taken. */
export class KratosImportRaced extends Conflict {
  constructor() {
    super(
      'An identifier or address was taken in Regain while the import ran. Nothing of the batch was written: run the command again, and it will be reported.',
    );
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'no answer';
}
