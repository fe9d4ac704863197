import type { Rule } from './rule.js';

const isPostgres = (dsn: string): boolean => /^postgres(ql)?:\/\//.test(dsn);

/** Checks the dsn, and requires secrets for an external database. */
export const databaseRule: Rule = ({ dsn, secrets }) => {
  if (dsn === '') return { problems: [{ path: 'dsn', message: 'is missing: use postgres://…, embedded or memory' }] };
  if (!isPostgres(dsn) && dsn !== 'embedded' && dsn !== 'memory')
    return { problems: [{ path: 'dsn', message: insteadOf(dsn) }] };
  if (isPostgres(dsn) && !URL.canParse(dsn))
    return { problems: [{ path: 'dsn', message: 'must be a complete postgres:// URL' }] };
  if (isPostgres(dsn) && secrets.default.length === 0)
    return {
      problems: [{ path: 'secrets.default', message: 'is missing: required unless the database is embedded' }],
    };
  return {};
};

/** Kratos' other databases, by DSN scheme. */
const OTHERS: Readonly<Record<string, string>> = {
  mysql: 'is MySQL; Regain needs PostgreSQL (15 or newer): use postgres://… or embedded',
  cockroach: 'is CockroachDB; Regain needs PostgreSQL (15 or newer): use postgres://… or embedded',
  sqlite: 'is SQLite: use embedded (stored in regain.embedded.data_dir) or memory (discarded at exit)',
};

function insteadOf(dsn: string): string {
  const [, scheme = ''] = /^([a-z]+?)(?:\d+)?:/i.exec(dsn) ?? [];
  return OTHERS[scheme.toLowerCase()] ?? 'must start with postgres://, or be embedded or memory';
}
