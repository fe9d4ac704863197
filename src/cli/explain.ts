import { type Configuration, ConfigurationError } from '../config/index.js';
import { EmbeddedDatabaseError } from '../platform/embedded-postgres/index.js';
import { BadRequest, DomainError } from '../platform/errors/index.js';

/** Says what went wrong and what to change, without a stack or a value. */
export function explain(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if (error instanceof EmbeddedDatabaseError) return `${error.message}\n${error.remedy}`;
  if (error instanceof DomainError) return error.reason ?? error.message;
  return `Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** Explains why a listener can't be opened, and names the key to change. */
export function explainListening(error: unknown, { serve }: Configuration): unknown {
  const { code, port } = error as { code?: string; port?: number };
  if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') return error;
  const key = port === serve.admin.port ? 'serve.admin' : 'serve.public';
  if (code === 'EADDRINUSE')
    return new BadRequest(
      `Port ${port} is in use. Stop the process that listens there, or set ${key}.port to another port.`,
    );
  if (code === 'EACCES')
    return new BadRequest(`This user may not open port ${port}. Set ${key}.port to a port above 1023.`);
  return new BadRequest(`This machine doesn't have the address in ${key}.host.`);
}
