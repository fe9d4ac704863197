import { BadRequest, Conflict, Unavailable } from '../platform/errors/index.js';
import type { KratosShape } from './source/kratos-shape.js';

/** The DSN isn't that of a Kratos database on PostgreSQL. */
export class KratosDsnUnusable extends BadRequest {}

/** Can't connect to the source. The message never contains a part of the DSN. */
export class KratosSourceUnreachable extends BadRequest {
  static because(error: unknown): KratosSourceUnreachable {
    const code = codeOf(error);
    const why: Readonly<Record<string, string>> = {
      '28P01': 'it rejects the user name or password',
      '28000': 'it rejects the user',
      '3D000': 'no database has that name',
      '42501': 'the user lacks read permission; docs/import-kratos.md has the grants',
      ECONNREFUSED: 'nothing listens at that address',
      ENOTFOUND: 'the host is unknown',
    };
    return new KratosSourceUnreachable(`Can't read the Kratos database (${code}): ${why[code] ?? 'see the code'}.`);
  }
}

/** Not a Kratos database, or one of an unsupported version. */
export class KratosShapeUnknown extends BadRequest {
  constructor({ missing, tables }: KratosShape) {
    const found = tables.length === 0 ? 'none of its tables' : `the tables ${tables.join(', ')}`;
    super(
      `This is not a Kratos database that Regain can import. Found: ${found}. Missing, or not visible to this user: ` +
        `${missing.join(', ')}. Supported are Kratos 1.0 and later, after all migrations have run (kratos migrate sql).`,
    );
  }
}

/** The connection to the source was lost. */
export class KratosSourceLost extends Unavailable {
  static because(error: unknown): KratosSourceLost {
    const code = codeOf(error);
    if (code === '42501')
      return new KratosSourceLost(
        'The user may not read a table of the Kratos database; docs/import-kratos.md has the grants.',
      );
    return new KratosSourceLost(
      `Lost the Kratos database (${code}). Everything written so far is complete; run the command again.`,
    );
  }
}

/** Another import into the same database is running. */
export class KratosImportRuns extends Conflict {
  constructor() {
    super('Another import into this database is running. Wait for it, or stop it.');
  }
}

/** The run's row shows that another run has taken over. */
export class KratosImportTakenOver extends Conflict {
  constructor() {
    super('This import lost its lock on the database, so another one may be running. Run the command again.');
  }
}

/** The lock holds one connection, and the import needs another. */
export class PoolTooSmall extends BadRequest {
  constructor() {
    super('The import needs two connections: regain.database.pool must be at least 2.');
  }
}

/** An identifier or address was taken between planning and writing. */
export class KratosImportRaced extends Conflict {
  constructor() {
    super(
      'An identifier or address was taken in Regain during the import. The batch was not written. Run the command again to see it in the plan.',
    );
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'no answer';
}
