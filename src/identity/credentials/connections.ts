import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/index.js';
import { Database } from '../../platform/database/index.js';
import { Random } from '../../platform/random/index.js';
import type { IdentityState } from '../identity.view.js';
import { execute } from '../persistence/execute.js';
import { connectionsOf, identifierOf, sameConnection, type StoredConnection } from './connection.js';
import { hasPassword } from './has-password.js';

/** The identity that signs in with a connected account. */
interface ConnectionOwner {
  readonly identityId: string;
  readonly state: IdentityState;
  readonly availableAal: string;
  /** the identity's epoch when checking the account began; an outdated value if the epoch was raised since */
  readonly accessEpoch: number;
}

/**
 * Index: credential_identifier_unique, then primary keys. The subject is compared byte for byte, because people never
 * type it.
 */
const OWNER = `
  SELECT i.id AS "identityId", i.state, i.available_aal AS "availableAal",
    i.access_epoch - coalesce(i.access_epoch_from >= $2::timestamptz, false)::integer AS "accessEpoch"
  FROM credential_identifier ci JOIN identity i ON i.id = ci.identity_id
  WHERE ci.type = 'oidc' AND ci.normalized = $1 AND ci.suspended_at IS NULL`;
const LOCK = `SELECT 1 AS one FROM identity WHERE id = ? FOR NO KEY UPDATE`;
const READ = `SELECT config FROM identity_credential WHERE identity_id = ? AND type = 'oidc'`;
const WRITE = `
  INSERT INTO identity_credential (id, identity_id, type, config, version) VALUES (?, ?, 'oidc', ?::jsonb, 0)
  ON CONFLICT (identity_id, type) DO UPDATE SET config = excluded.config, updated_at = clock_timestamp()
  RETURNING id`;
const ADD_IDENTIFIER = `
  INSERT INTO credential_identifier (id, credential_id, identity_id, type, value, normalized)
  VALUES (?, ?, ?, 'oidc', ?, ?)
  ON CONFLICT (type, normalized) DO NOTHING RETURNING 1 AS one`;
/** Index: credential_identifier_identity. */
const SUSPENDED = `
  SELECT normalized FROM credential_identifier WHERE identity_id = ? AND type = 'oidc' AND suspended_at IS NOT NULL`;
const REMOVE_IDENTIFIER = `DELETE FROM credential_identifier WHERE identity_id = ? AND type = 'oidc' AND normalized = ?`;

/**
 * Accounts at social sign-in providers, found by provider and subject only. Callers that change them lock the
 * identity's row, so changes of one identity run one after the other.
 */
@Injectable()
export class Connections {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  /**
   * Also undefined if the account is suspended.
   * @param since when checking the account began: a time from the database, as text
   */
  async ownerOf(provider: string, subject: string, since: string): Promise<ConnectionOwner | undefined> {
    const values = [identifierOf({ provider, subject }), since];
    return (await this.db.statement<ConnectionOwner>('identity_connection_owner', OWNER, values))[0];
  }

  async of(identityId: string): Promise<readonly StoredConnection[]> {
    return this.db.read((em) => read(em, identityId));
  }

  /** False if the account is already connected to this or another identity. */
  async connect(em: SqlEntityManager, identityId: string, connection: StoredConnection): Promise<boolean> {
    const others = await read(em, identityId);
    if (others.some((other) => sameConnection(other, connection))) return false;
    const id = await this.#write(em, identityId, [...others, connection]);
    const identifier = identifierOf(connection);
    const values = [this.random.uuidV7(this.clock.now()), id, identityId, identifier, identifier];
    return (await execute(em, ADD_IDENTIFIER, values)).length === 1;
  }

  /** Removes the provider's accounts so that another can replace them. */
  async remove(em: SqlEntityManager, identityId: string, provider: string): Promise<void> {
    await this.#remove(em, identityId, (each) => each.provider === provider);
  }

  /** Removes all accounts except one. Resolves to how many were removed. */
  async removeBut(em: SqlEntityManager, identityId: string, identifier: string | undefined): Promise<number> {
    return this.#remove(em, identityId, (each) => identifierOf(each) !== identifier);
  }

  /** Removes one account, even if nothing is left to sign in with. */
  async removeOne(em: SqlEntityManager, identityId: string, identifier: string): Promise<void> {
    await this.#remove(em, identityId, (each) => identifierOf(each) === identifier);
  }

  async #remove(em: SqlEntityManager, identityId: string, goes: (each: StoredConnection) => boolean): Promise<number> {
    const all = await read(em, identityId);
    const going = all.filter(goes);
    if (going.length === 0) return 0;
    await this.#write(
      em,
      identityId,
      all.filter((each) => !going.includes(each)),
    );
    for (const each of going) await execute(em, REMOVE_IDENTIFIER, [identityId, identifierOf(each)]);
    return going.length;
  }

  /** Updates the stored data of a connection; does nothing if the connection has been removed. */
  async replace(em: SqlEntityManager, identityId: string, connection: StoredConnection): Promise<void> {
    await execute(em, LOCK, [identityId]);
    const all = await read(em, identityId);
    if (!all.some((each) => sameConnection(each, connection))) return;
    const next = all.map((each) => (sameConnection(each, connection) ? connection : each));
    await this.#write(em, identityId, next);
  }

  /**
   * Removes connections, unless the identity would have no way left to sign in.
   * @param which parts that are absent match every connection
   */
  async disconnect(
    em: SqlEntityManager,
    identityId: string,
    which: { provider?: string; identifier?: string },
  ): Promise<'gone' | 'unknown' | 'last'> {
    const all = await read(em, identityId);
    const going = all.filter(
      (each) =>
        (which.provider === undefined || each.provider === which.provider) &&
        (which.identifier === undefined || identifierOf(each) === which.identifier),
    );
    if (going.length === 0) return 'unknown';
    const staying = all.filter((each) => !going.includes(each));
    const suspended = await this.#suspended(em, identityId);
    const opens = staying.some((each) => !suspended.has(identifierOf(each)));
    if (!opens && !(await hasPassword(em, identityId))) return 'last';
    await this.#write(em, identityId, staying);
    for (const each of going) await execute(em, REMOVE_IDENTIFIER, [identityId, identifierOf(each)]);
    return 'gone';
  }

  async #suspended(em: SqlEntityManager, identityId: string): Promise<ReadonlySet<string>> {
    const rows = await execute<{ normalized: string }>(em, SUSPENDED, [identityId]);
    return new Set(rows.map(({ normalized }) => normalized));
  }

  async #write(em: SqlEntityManager, identityId: string, providers: readonly StoredConnection[]): Promise<string> {
    const config = JSON.stringify({ providers });
    const [row] = await execute<{ id: string }>(em, WRITE, [this.random.uuid(), identityId, config]);
    return row!.id;
  }
}

async function read(em: SqlEntityManager, identityId: string): Promise<StoredConnection[]> {
  const [row] = await execute<{ config: unknown }>(em, READ, [identityId]);
  return connectionsOf(row?.config);
}
