import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Ended } from '../../audit/index.js';
import { execute } from '../persistence/execute.js';
import type { FirstCredential } from './credential-listener.js';
import { Connections } from './connections.js';
import { hasNoSecondFactor, isSecondFactor } from './second-factors.js';

/** Values: identity; types, as a JSON list. Index: identity_credential_type_unique. */
const DELETE = `
  DELETE FROM identity_credential
  WHERE identity_id = ? AND type IN (SELECT jsonb_array_elements_text(?::jsonb)) RETURNING 1 AS one`;
const LOWER_AAL = `UPDATE identity SET available_aal = 'aal1' WHERE id = ? AND ${hasNoSecondFactor('identity.id')}`;

/** Removes the credentials that the administrator wanted removed at the hand-over; never the one just set. */
@Injectable()
export class RemoveReset {
  constructor(private readonly connections: Connections) {}

  /** @param types credential types to remove; a replaced password is gone already */
  async run(
    em: SqlEntityManager,
    identityId: string,
    types: readonly string[],
    credential: FirstCredential,
  ): Promise<Ended> {
    if (types.length === 0) return {};
    const factors = types.filter(isSecondFactor);
    const kept = credential.type === 'oidc' ? credential.identifier : undefined;
    const accounts = types.includes('oidc') ? await this.connections.removeBut(em, identityId, kept) : 0;
    const deleted = factors.length === 0 ? [] : await execute(em, DELETE, [identityId, JSON.stringify(factors)]);
    if (deleted.length > 0) await execute(em, LOWER_AAL, [identityId]);
    return { removed: accounts + deleted.length };
  }
}
