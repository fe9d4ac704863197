import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { IdentityTaken } from '../identity.errors.js';
import { TRAIT_CREDENTIALS } from '../schema/keyword.js';
import { ADDRESS_COLUMNS, IDENTIFIER_COLUMNS, type TraitRows } from '../identifiers/trait-rows.js';
import { execute } from './execute.js';
import { CredentialIdentifier, RecoveryAddress, VerifiableAddress } from './identity.entities.js';

const TYPES = TRAIT_CREDENTIALS.map((type) => `'${type}'`).join(', ');

/** Rows that the traits no longer contain are deleted first. Rows that remain keep their id and their verification. */
const KEEP_IDENTIFIERS = `
  DELETE FROM credential_identifier o WHERE o.identity_id = ? AND o.type IN (${TYPES}) AND NOT EXISTS (
    SELECT 1 FROM jsonb_to_recordset(?::jsonb) AS n(${IDENTIFIER_COLUMNS})
    WHERE n.type = o.type AND n.normalized = o.normalized)`;
const ADD_CREDENTIALS = `
  INSERT INTO identity_credential (id, identity_id, type, config, version)
  SELECT c.id, ?::uuid, c.type, c.config, 1
  FROM jsonb_to_recordset(?::jsonb) AS c(id uuid, type text, config jsonb)
  ON CONFLICT (identity_id, type) DO UPDATE
    SET config = identity_credential.config || excluded.config, updated_at = clock_timestamp()`;
const ADD_IDENTIFIERS = `
  INSERT INTO credential_identifier (id, credential_id, identity_id, type, value, normalized)
  SELECT n.id, c.id, c.identity_id, c.type, n.value, n.normalized
  FROM jsonb_to_recordset(?::jsonb) AS n(${IDENTIFIER_COLUMNS})
  JOIN identity_credential c ON c.identity_id = ?::uuid AND c.type = n.type
  ON CONFLICT (type, normalized) DO UPDATE SET value = excluded.value
    WHERE credential_identifier.identity_id = excluded.identity_id
  RETURNING 1`;

const keepAddresses = (table: string): string => `
  DELETE FROM ${table} o WHERE o.identity_id = ? AND NOT EXISTS (
    SELECT 1 FROM jsonb_to_recordset(?::jsonb) AS n(${ADDRESS_COLUMNS})
    WHERE n.via = o.via AND n.normalized = o.normalized)`;
const addAddresses = (table: string, unlessSame = ''): string => `
  INSERT INTO ${table} (id, identity_id, via, value, normalized)
  SELECT n.id, ?::uuid, n.via, n.value, n.normalized FROM jsonb_to_recordset(?::jsonb) AS n(${ADDRESS_COLUMNS})
  ON CONFLICT (via, normalized) DO UPDATE SET value = excluded.value${unlessSame},
      updated_at = CASE WHEN ${table}.value = excluded.value THEN ${table}.updated_at ELSE clock_timestamp() END
    WHERE ${table}.identity_id = excluded.identity_id
  RETURNING 1`;

/**
 * Another spelling is another mailbox, even if both normalize to the same text, so the verification does not carry
 * over.
 */
const PROVED_NO_LONGER = `,
      verified = verifiable_address.verified AND verifiable_address.value = excluded.value,
      status = CASE WHEN verifiable_address.value = excluded.value THEN verifiable_address.status ELSE 'pending' END,
      verified_at = CASE WHEN verifiable_address.value = excluded.value THEN verifiable_address.verified_at END`;

type TraitRowsChange = 'none' | 'identifiers' | 'addresses';

/** Which values of the identity would change: none, its identifiers, or (also) its addresses. */
export async function traitRowsChange(
  em: SqlEntityManager,
  identityId: string,
  rows: TraitRows,
): Promise<TraitRowsChange> {
  const identifiers = await em.find(CredentialIdentifier, { identityId, type: { $in: [...TRAIT_CREDENTIALS] } });
  const recovery = await em.find(RecoveryAddress, { identityId });
  const verifiable = await em.find(VerifiableAddress, { identityId });
  const addresses =
    differ(recovery.map(byVia), rows.recovery.map(byVia)) || differ(verifiable.map(byVia), rows.verifiable.map(byVia));
  if (addresses) return 'addresses';
  return differ(identifiers.map(byType), rows.identifiers.map(byType)) ? 'identifiers' : 'none';
}

/**
 * Replaces the identity's identifiers and addresses with these.
 * @throws IdentityTaken
 */
export async function replaceTraitRows(em: SqlEntityManager, id: string, rows: TraitRows): Promise<void> {
  const identifiers = JSON.stringify(rows.identifiers);
  await execute(em, KEEP_IDENTIFIERS, [id, identifiers]);
  await execute(em, ADD_CREDENTIALS, [id, JSON.stringify(rows.credentials)]);
  const taken = [(await execute(em, ADD_IDENTIFIERS, [identifiers, id])).length < rows.identifiers.length];
  for (const [table, addresses, unlessSame] of [
    ['recovery_address', rows.recovery, ''],
    ['verifiable_address', rows.verifiable, PROVED_NO_LONGER],
  ] as const) {
    const json = JSON.stringify(addresses);
    await execute(em, keepAddresses(table), [id, json]);
    taken.push((await execute(em, addAddresses(table, unlessSame), [id, json])).length < addresses.length);
  }
  if (taken.includes(true)) throw new IdentityTaken();
}

/** The spelling counts too, because mail is sent to it. */
const byType = ({ type, normalized, value }: { type: string; normalized: string; value: string }): string =>
  JSON.stringify([type, normalized, value]);
const byVia = ({ via, normalized, value }: { via: string; normalized: string; value: string }): string =>
  JSON.stringify([via, normalized, value]);

function differ(before: readonly string[], after: readonly string[]): boolean {
  const known = new Set(before);
  return before.length !== after.length || after.some((each) => !known.has(each));
}
