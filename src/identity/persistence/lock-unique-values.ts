import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { TraitRows } from '../identifiers/trait-rows.js';
import { execute } from './execute.js';

const OF_IDENTITY = `
  SELECT normalized FROM credential_identifier WHERE identity_id = ?
  UNION SELECT normalized FROM recovery_address WHERE identity_id = ?
  UNION SELECT normalized FROM verifiable_address WHERE identity_id = ?
  UNION SELECT external_id FROM identity WHERE id = ? AND external_id IS NOT NULL`;
/** A hash that two values share only makes one of them wait. */
const LOCK = `
  SELECT pg_advisory_xact_lock(key) FROM (
    SELECT DISTINCT hashtextextended(value, 0) AS key FROM jsonb_array_elements_text(?::jsonb) AS given(value) ORDER BY key) AS keys`;

/**
 * Keeps others away, until the transaction ends, from the identifiers, addresses and external ids that the identity has and that
 * it is to have. Everybody takes them in one order: two identities that change places wait for each other once, not for ever.
 * @param id whose old ones are let go; undefined for an identity that is being made
 */
export async function lockUniqueValues(
  em: SqlEntityManager,
  id: string | undefined,
  { identifiers, recovery, verifiable }: TraitRows,
  externalId?: string | null,
): Promise<void> {
  const own = id === undefined ? [] : await execute<{ normalized: string }>(em, OF_IDENTITY, [id, id, id, id]);
  const values = [...own, ...identifiers, ...recovery, ...verifiable].map(({ normalized }) => normalized);
  await execute(em, LOCK, [JSON.stringify([...values, ...(externalId == null ? [] : [externalId])])]);
}
