import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { AddressMark } from '../requests/identity-update.js';
import { execute } from './execute.js';

/** Index: verifiable_address_pkey. An address marked verified without a time is verified now. */
const MARK = `
  UPDATE verifiable_address a SET verified = m.verified, status = m.status, updated_at = clock_timestamp(),
    verified_at = CASE WHEN m.verified THEN COALESCE(m.verified_at, clock_timestamp()) ELSE m.verified_at END
  FROM jsonb_to_recordset(?::jsonb) AS m(id uuid, verified boolean, status text, verified_at timestamptz)
  WHERE a.id = m.id AND a.identity_id = ?`;

/** Sets whether addresses of the identity are verified. */
export async function markAddresses(
  em: SqlEntityManager,
  identityId: string,
  marks: readonly AddressMark[] = [],
): Promise<void> {
  if (marks.length === 0) return;
  const rows = marks.map(({ id, verified, status, verifiedAt }) => ({ id, verified, status, verified_at: verifiedAt }));
  await execute(em, MARK, [JSON.stringify(rows), identityId]);
}
