import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { TraitRows } from '../identifiers/trait-rows.js';
import { IdentityTaken } from '../identity.errors.js';
import { execute } from './execute.js';

const OF_IDENTITY = `
  SELECT normalized FROM credential_identifier WHERE identity_id = ?
  UNION SELECT normalized FROM recovery_address WHERE identity_id = ?
  UNION SELECT normalized FROM verifiable_address WHERE identity_id = ?
  UNION SELECT external_id FROM identity WHERE id = ? AND external_id IS NOT NULL`;
/** If two values share a hash, one transaction waits needlessly; nothing else happens. */
const LOCK = `
  SELECT pg_advisory_xact_lock(key) FROM (
    SELECT DISTINCT hashtextextended(value, 0) AS key FROM jsonb_array_elements_text(?::jsonb) AS given(value) ORDER BY key) AS keys`;

/** Values: identity, seconds, the new values. Index: address_history_kept. */
const KEPT_FOR_OTHERS = `
  SELECT 1 FROM address_history
  WHERE kept_since IS NOT NULL AND identity_id IS DISTINCT FROM ?::uuid AND kept_since > clock_timestamp() - make_interval(secs => ?::float8)
    AND normalized IN (SELECT value FROM jsonb_array_elements_text(?::jsonb) AS given(value)) LIMIT 1`;

/**
 * Locks the identifiers, addresses and external ids that the identity has and will have, until the transaction ends.
 * Everyone takes the locks in the same order, so two identities that swap values can't deadlock. A replaced address
 * that still works for its previous identity is not free yet.
 * @param id the identity whose old values are released; undefined for one being created
 * @param minAge seconds of `regain.recovery.address_min_age`
 * @throws IdentityTaken
 */
export async function lockUniqueValues(
  em: SqlEntityManager,
  id: string | undefined,
  { identifiers, recovery, verifiable }: TraitRows,
  externalId: string | null | undefined,
  minAge: number,
): Promise<void> {
  const own = id === undefined ? [] : await execute<{ normalized: string }>(em, OF_IDENTITY, [id, id, id, id]);
  const next = [...identifiers, ...recovery, ...verifiable].map(({ normalized }) => normalized);
  const values = [...own.map(({ normalized }) => normalized), ...next];
  await execute(em, LOCK, [JSON.stringify([...values, ...(externalId == null ? [] : [externalId])])]);
  const kept = await execute(em, KEPT_FOR_OTHERS, [id ?? null, minAge, JSON.stringify(next)]);
  if (kept.length > 0) throw new IdentityTaken();
}
