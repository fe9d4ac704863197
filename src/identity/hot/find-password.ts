import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import type { IdentityState } from '../identity.view.js';
import { normalizeIdentifier } from '../identifiers/normalize.js';

export interface PasswordCredential {
  readonly identityId: string;
  readonly state: IdentityState;
  readonly availableAal: string;
  /** the identity's epoch, read before the password is checked */
  readonly accessEpoch: number;
  readonly hash: string;
}

/**
 * HOT: every login attempt, hostile or not, starts here.
 * Invariant: an identifier in any spelling leads to at most one password.
 * Index: credential_identifier_unique, then primary keys.
 */
export const PASSWORD_FOR = `
  SELECT i.id AS "identityId", i.state, i.available_aal AS "availableAal", i.access_epoch AS "accessEpoch",
    c.config->>'hashed_password' AS hash
  FROM credential_identifier ci
  JOIN identity_credential c ON c.id = ci.credential_id
  JOIN identity i ON i.id = ci.identity_id
  WHERE ci.type = 'password' AND ci.normalized = $1 AND c.config->>'hashed_password' IS NOT NULL`;

@Injectable()
export class FindPassword {
  constructor(private readonly db: Database) {}

  /** The hash for an identifier; undefined if there is none. */
  async run(identifier: string): Promise<PasswordCredential | undefined> {
    const normalized = normalizeIdentifier(identifier);
    return (await this.db.statement<PasswordCredential>('identity_password_for', PASSWORD_FOR, [normalized]))[0];
  }
}
