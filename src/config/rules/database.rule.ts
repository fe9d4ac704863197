import type { Rule } from './rule.js';

const isPostgres = (dsn: string): boolean => /^postgres(ql)?:\/\//.test(dsn);

/** Where the data is, and that a database of one's own comes with secrets of one's own. */
export const databaseRule: Rule = ({ dsn, secrets }) => {
  if (dsn === '') return { problems: [{ path: 'dsn', message: 'is missing: say postgres://…, embedded or memory' }] };
  if (!isPostgres(dsn) && dsn !== 'embedded' && dsn !== 'memory')
    return { problems: [{ path: 'dsn', message: insteadOf(dsn) }] };
  if (isPostgres(dsn) && !URL.canParse(dsn))
    return { problems: [{ path: 'dsn', message: 'must be a whole postgres:// address' }] };
  if (isPostgres(dsn) && secrets.default.length === 0)
    return {
      problems: [{ path: 'secrets.default', message: 'is missing: a database that is not embedded needs one' }],
    };
  return {};
};

/** Kratos' other databases, by the scheme of their DSN. */
const OTHERS: Readonly<Record<string, string>> = {
  mysql: 'is MySQL, and Regain keeps its data in PostgreSQL (15 or newer): say postgres://…, or embedded',
  cockroach: 'is CockroachDB, and Regain keeps its data in PostgreSQL (15 or newer): say postgres://…, or embedded',
  sqlite: 'is SQLite: say embedded (kept in regain.embedded.data_dir) or memory (gone at exit)',
};

function insteadOf(dsn: string): string {
  const [, scheme = ''] = /^([a-z]+?)(?:\d+)?:/i.exec(dsn) ?? [];
  return OTHERS[scheme.toLowerCase()] ?? 'must begin with postgres://, or be embedded or memory';
}
