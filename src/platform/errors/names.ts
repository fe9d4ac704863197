import { DomainError } from './domain-error.js';

/** The code of the operating system, OpenSSL or PostgreSQL (`ENOENT`, `57P03`) in a caught value. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** What a log may say of a caught value: its SQLSTATE, code or class. Never its message, which can quote values. */
export function nameOf(error: unknown): string {
  const sqlstate = error instanceof DomainError ? error.context['sqlstate'] : undefined;
  if (typeof sqlstate === 'string' && sqlstate !== 'none') return sqlstate;
  return codeOf(error) ?? (error instanceof Error ? error.name : 'unknown');
}
