import { DomainError } from '../platform/errors/index.js';

/** An error's SQLSTATE or name, for the log. Never its message, which can quote values. */
export function codeOf(error: unknown): string {
  const sqlstate = error instanceof DomainError ? error.context['sqlstate'] : undefined;
  const code = sqlstate ?? (error as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string' && code !== 'none') return code;
  return error instanceof Error ? error.name : 'unknown';
}
