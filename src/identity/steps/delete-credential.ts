import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { Connections } from '../credentials/connections.js';
import { CredentialMissing, IdentityRefused, LastFirstFactor } from '../identity.errors.js';
import { TellOwner } from '../owner/tell-owner.js';
import { execute } from '../persistence/execute.js';

const LOCK = `SELECT 1 FROM identity WHERE id = ? FOR UPDATE`;

/** A password credential without a hash is but the place of its identifiers. */
const FIND = `
  SELECT type FROM identity_credential
  WHERE identity_id = ? AND type = ? AND (type <> 'password' OR config->>'hashed_password' IS NOT NULL)`;

/** How many ways there are to sign in: a password, and each connected provider. */
const FIRST_FACTORS = `
  SELECT COALESCE(sum(CASE type
    WHEN 'password' THEN (config->>'hashed_password' IS NOT NULL)::integer
    WHEN 'oidc' THEN jsonb_array_length(COALESCE(config->'providers', '[]'))
    ELSE 0 END), 0)::integer AS count
  FROM identity_credential WHERE identity_id = ?`;

/** The identifiers stay: they are the traits', and lead to the next password. */
const FORGET_PASSWORD = `
  UPDATE identity_credential SET config = config - 'hashed_password', updated_at = clock_timestamp()
  WHERE identity_id = ? AND type = 'password'`;
const DELETE = `DELETE FROM identity_credential WHERE identity_id = ? AND type = ?`;

/** Without any second factor left, nothing beyond the first can be asked for. */
const LOWER_AAL = `
  UPDATE identity SET available_aal = 'aal1', updated_at = clock_timestamp()
  WHERE id = ? AND NOT EXISTS (
    SELECT 1 FROM identity_credential WHERE identity_id = identity.id AND type IN ('totp', 'lookup_secret', 'webauthn'))`;

/** Takes a credential away, unless nobody could sign in without it. */
@Injectable()
export class DeleteCredential {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
    private readonly connections: Connections,
    private readonly tellOwner: TellOwner,
  ) {}

  /** @throws MissingRow, CredentialMissing, LastFirstFactor, IdentityRefused for a type that cannot be deleted */
  async run(id: string, type: string, identifier?: string): Promise<void> {
    await this.db.transaction(async (em) => {
      if ((await execute(em, LOCK, [id])).length === 0) throw new MissingRow();
      if ((await execute(em, FIND, [id, type])).length === 0) throw new CredentialMissing(type);
      await this.#delete(em, id, type, identifier);
      await this.audit.record(em, {
        action: `credentials.${type}.deleted`,
        outcome: 'success',
        targetType: 'identity',
        targetId: id,
      });
    });
  }

  async #delete(em: SqlEntityManager, id: string, type: string, identifier: string | undefined): Promise<void> {
    switch (type) {
      case 'oidc': {
        if (identifier === undefined)
          throw new IdentityRefused('You must provide an identifier to delete this credential.');
        const fate = await this.connections.disconnect(em, id, { identifier });
        if (fate === 'unknown') throw new CredentialMissing(type);
        if (fate === 'last') throw new LastFirstFactor();
        return this.tellOwner.run(em, id, { type: 'social_disconnected', provider: identifier.split(':')[0]! });
      }
      case 'password': {
        const [factors] = await execute<{ count: number }>(em, FIRST_FACTORS, [id]);
        if ((factors?.count ?? 0) < 2) throw new LastFirstFactor();
        await execute(em, FORGET_PASSWORD, [id]);
        return this.tellOwner.run(em, id, { type: 'password_removed' });
      }
      case 'totp':
      case 'lookup_secret':
      case 'webauthn':
        await execute(em, DELETE, [id, type]);
        await execute(em, LOWER_AAL, [id]);
        return;
      default:
        throw new IdentityRefused(`Credentials type ${type} cannot be deleted.`);
    }
  }
}
