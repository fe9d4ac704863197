import { type Configuration, ConfigurationError } from '../config/index.js';
import { EmbeddedDatabaseError } from '../platform/embedded-postgres/index.js';
import { BadRequest, DomainError } from '../platform/errors/index.js';

/** What went wrong and what to change, without a stack and without a value. */
export function explain(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if (error instanceof EmbeddedDatabaseError) return `${error.message}\n${error.remedy}`;
  if (error instanceof DomainError) return error.reason ?? error.message;
  return `Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** A listener that cannot be opened, in words that say which key to change. */
export function explainListening(error: unknown, { serve }: Configuration): unknown {
  const { code, port } = error as { code?: string; port?: number };
  if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') return error;
  const key = port === serve.admin.port ? 'serve.admin' : 'serve.public';
  if (code === 'EADDRINUSE')
    return new BadRequest(`Port ${port} is in use. Stop what listens there, or set ${key}.port to another one.`);
  if (code === 'EACCES')
    return new BadRequest(`Port ${port} may not be opened by this user. Set ${key}.port to one above 1023.`);
  return new BadRequest(`The address in ${key}.host is not one of this machine.`);
}
