import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { BadRequest } from '../../platform/errors/index.js';

/**
 * Runs plain SQL with `?` placeholders on the connection, and in the transaction, of `em`. The ORM inlines the values
 * into the text, where a NUL character would end it.
 */
export async function execute<Row extends object>(
  em: SqlEntityManager,
  sql: string,
  values: unknown[],
): Promise<Row[]> {
  if (values.some((value) => typeof value === 'string' && value.includes('\0')))
    throw new BadRequest('A value contains characters that cannot be stored.');
  return em.getConnection().execute<Row[]>(sql, values, 'all', em.getTransactionContext());
}
