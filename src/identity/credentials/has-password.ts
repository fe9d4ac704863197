import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { execute } from '../persistence/execute.js';

/** Index: identity_credential_type_unique. A password credential without a hash only holds identifiers. */
const HAS_PASSWORD = `
  SELECT 1 AS one FROM identity_credential
  WHERE identity_id = ? AND type = 'password' AND config->>'hashed_password' IS NOT NULL`;

export async function hasPassword(em: SqlEntityManager, identityId: string): Promise<boolean> {
  return (await execute(em, HAS_PASSWORD, [identityId])).length > 0;
}
