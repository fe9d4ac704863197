import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { Connections } from '../credentials/connections.js';
import { hasNoSecondFactor, isSecondFactor } from '../credentials/second-factors.js';
import { CredentialMissing, IdentityRefused, LastFirstFactor } from '../identity.errors.js';
import { TellOwner } from '../owner/tell-owner.js';
import { execute } from '../persistence/execute.js';

const LOCK = `SELECT 1 FROM identity WHERE id = ? FOR UPDATE`;

/** A password credential without a hash only holds identifiers. */
const FIND = `
  SELECT type FROM identity_credential
  WHERE identity_id = ? AND type = ? AND (type <> 'password' OR config->>'hashed_password' IS NOT NULL)`;

/** Number of ways to sign in: a password, and each connected account that is not suspended. */
const FIRST_FACTORS = `
  SELECT COALESCE(sum(CASE type
    WHEN 'password' THEN (config->>'hashed_password' IS NOT NULL)::integer
    WHEN 'oidc' THEN jsonb_array_length(COALESCE(config->'providers', '[]')) - (SELECT count(*) FROM credential_identifier account
      WHERE account.credential_id = identity_credential.id AND account.suspended_at IS NOT NULL)
    ELSE 0 END), 0)::integer AS count
  FROM identity_credential WHERE identity_id = ?`;

/** The identifiers stay: they come from the traits, and the next password needs them. */
const FORGET_PASSWORD = `
  UPDATE identity_credential SET config = config - 'hashed_password', updated_at = clock_timestamp()
  WHERE identity_id = ? AND type = 'password'`;
const DELETE = `DELETE FROM identity_credential WHERE identity_id = ? AND type = ? RETURNING 1 AS one`;

/** Without any second factor, the highest available level is that of the first factor. */
const LOWER_AAL = `
  UPDATE identity SET available_aal = 'aal1', updated_at = clock_timestamp()
  WHERE id = ? AND available_aal <> 'aal1' AND ${hasNoSecondFactor('identity.id')} RETURNING 1 AS one`;

/** Deletes a credential, unless the person could not sign in without it. */
@Injectable()
export class DeleteCredential {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
    private readonly connections: Connections,
    private readonly tellOwner: TellOwner,
  ) {}

  /** @throws MissingRow, CredentialMissing, LastFirstFactor; IdentityRefused if the type cannot be deleted */
  async run(id: string, type: string, identifier?: string): Promise<void> {
    await this.db.transaction(async (em) => {
      if ((await execute(em, LOCK, [id])).length === 0) throw new MissingRow();
      const what = isSecondFactor(type)
        ? await this.#deleteSecondFactor(em, id, type)
        : await this.#deleteFirstFactor(em, id, type, identifier);
      await this.audit.record(em, {
        action: `credentials.${what}.deleted`,
        outcome: 'success',
        targetType: 'identity',
        targetId: id,
        ...(type === 'oidc' && identifier !== undefined && { detail: { provider: providerOf(identifier) } }),
      });
    });
  }

  /**
   * An imported identity may have the level of a second factor without a row that says which. Deleting any second
   * factor then means that one. Resolves to what was deleted, for the audit trail.
   */
  async #deleteSecondFactor(em: SqlEntityManager, id: string, type: string): Promise<string> {
    const deleted = (await execute(em, DELETE, [id, type])).length > 0;
    const lowered = (await execute(em, LOWER_AAL, [id])).length > 0;
    if (!deleted && !lowered) throw new CredentialMissing(type);
    await this.tellOwner.run(em, id, { type: 'second_factor_removed' });
    return deleted ? type : 'second_factor';
  }

  async #deleteFirstFactor(
    em: SqlEntityManager,
    id: string,
    type: string,
    identifier: string | undefined,
  ): Promise<string> {
    if ((await execute(em, FIND, [id, type])).length === 0) throw new CredentialMissing(type);
    switch (type) {
      case 'oidc': {
        if (identifier === undefined)
          throw new IdentityRefused('You must provide an identifier to delete this credential.');
        const fate = await this.connections.disconnect(em, id, { identifier });
        if (fate === 'unknown') throw new CredentialMissing(type);
        if (fate === 'last') throw new LastFirstFactor();
        await this.tellOwner.run(em, id, { type: 'social_disconnected', provider: providerOf(identifier) });
        return type;
      }
      case 'password': {
        const [factors] = await execute<{ count: number }>(em, FIRST_FACTORS, [id]);
        if ((factors?.count ?? 0) < 2) throw new LastFirstFactor();
        await execute(em, FORGET_PASSWORD, [id]);
        await this.tellOwner.run(em, id, { type: 'password_removed' });
        return type;
      }
      default:
        throw new IdentityRefused(`Credentials type ${type} cannot be deleted.`);
    }
  }
}

/** The provider in `acme:<subject>`; the subject must not be recorded. */
const providerOf = (identifier: string): string => identifier.split(':')[0]!;
