import { isDeepStrictEqual } from 'node:util';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Clock } from '../../platform/clock/index.js';
import { Database, isUniqueViolation } from '../../platform/database/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { CurrentRequest, InsufficientScope } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { AddressChanges } from '../addresses/address-changes.js';
import { AddressHistory } from '../addresses/address-history.js';
import { identifierOf, sameConnection, type StoredConnection } from '../credentials/connection.js';
import { Connections } from '../credentials/connections.js';
import { Credentials } from '../credentials/credentials.js';
import { NewCredential } from '../credentials/new-credential.js';
import { TellOwner } from '../owner/tell-owner.js';
import { identityFromJson } from '../persistence/identity-json.js';
import type { GivenCredentials } from '../requests/identity-body.js';
import { moveState } from '../persistence/identity-state.js';
import type { IdentityUpdate } from '../requests/identity-update.js';
import { IdentityRefused, IdentityTaken, PasswordUseless } from '../identity.errors.js';
import type { IdentityView } from '../identity.view.js';
import { jsonOrNull } from '../persistence/json-or-null.js';
import { Passwords } from '../passwords/passwords.js';
import { execute } from '../persistence/execute.js';
import { markAddresses } from '../persistence/mark-addresses.js';
import { lockUniqueValues } from '../persistence/lock-unique-values.js';
import { replaceTraitRows, traitRowsChange } from '../persistence/replace-trait-rows.js';
import { SchemaRegistry } from '../schema/schema-registry.js';
import { identityJson } from '../sql.js';
import { rowsOf, type TraitRows } from '../identifiers/trait-rows.js';
import { keepDigits } from '../schema/keep-digits.js';

/** Locks first and reads afterwards: a single statement would return the addresses as they were before the wait. */
const LOCK = `SELECT 1 FROM identity WHERE id = ? FOR UPDATE`;
const READ = `SELECT ${identityJson('i')} AS identity FROM identity i WHERE i.id = ?`;
const UPDATE = `
  UPDATE identity SET schema_id = ?, traits = ?::jsonb, metadata_public = ?::jsonb, metadata_admin = ?::jsonb,
    external_id = ?, updated_at = clock_timestamp() WHERE id = ?`;

const NO_ROWS: TraitRows = { credentials: [], identifiers: [], recovery: [], verifiable: [] };

/** Changes an identity for an administrator. The lock keeps other changes out between the read and the write. */
@Injectable()
export class UpdateIdentity {
  constructor(
    private readonly db: Database,
    private readonly schemas: SchemaRegistry,
    private readonly passwords: Passwords,
    private readonly credentials: Credentials,
    private readonly connections: Connections,
    private readonly newCredential: NewCredential,
    private readonly addresses: AddressChanges,
    private readonly history: AddressHistory,
    private readonly audit: AuditService,
    private readonly tellOwner: TellOwner,
    private readonly current: CurrentRequest,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  /**
   * @param change computes the new identity from the current one
   * @param given a new password, more connected accounts; absent: unchanged
   * @throws MissingRow, IdentityRefused, TraitsInvalid, IdentityTaken, HashRefused, PasswordUseless, InsufficientScope,
   * and anything that `change` throws
   */
  async run(
    id: string,
    change: (current: IdentityView) => IdentityUpdate,
    given: GivenCredentials = {},
  ): Promise<void> {
    const hash = await this.#hashOf(id, given);
    try {
      await this.db.transaction((em) => this.#update(em, id, change, hash, given));
    } catch (error) {
      throw isUniqueViolation(error) ? new IdentityTaken() : error;
    }
  }

  #need(scope: Parameters<CurrentRequest['may']>[0]): void {
    if (!this.current.may(scope)) throw new InsufficientScope([scope]);
  }

  /** Keeps the stored hash if the given password is the same. */
  async #hashOf(
    id: string,
    { password, hashedPassword, connections = [], lifts }: GivenCredentials,
  ): Promise<string | undefined> {
    if (lifts) for (const scope of ['recovery:issue', 'session:write'] as const) this.#need(scope);
    const nothing = password === undefined && hashedPassword === undefined;
    if (nothing && connections.length === 0) return undefined;
    this.#need('credentials:write');
    if (nothing) return undefined;
    const hash = await this.passwords.ofGiven({ password, hashedPassword });
    const stored = await this.credentials.hashOf(id);
    return (await this.passwords.isSame({ password, hashedPassword }, stored)) ? stored : hash;
  }

  async #update(
    em: SqlEntityManager,
    id: string,
    change: (current: IdentityView) => IdentityUpdate,
    hash: string | undefined,
    { connections = [], lifts }: GivenCredentials,
  ): Promise<void> {
    if ((await execute(em, LOCK, [id])).length === 0) throw new MissingRow();
    const [row] = await execute<{ identity: unknown }>(em, READ, [id]);
    const before = identityFromJson(row?.identity);
    const next = withDigits(before, change(before));
    if (proves(before, next) && !this.current.may('credentials:write'))
      throw new InsufficientScope(['credentials:write']);
    const schemaId = this.#schemaOf(before, next);
    if (hash !== undefined && !this.schemas.takesPasswords(schemaId)) throw new PasswordUseless(schemaId);
    const rows = this.#rowsOf(before, next, schemaId);
    const rowsChange = rows === undefined ? 'none' : await traitRowsChange(em, id, rows);
    if (rowsChange !== 'none' || next.externalId !== before.externalId)
      await lockUniqueValues(em, id, rows ?? NO_ROWS, next.externalId, this.history.minAge);
    if (rows !== undefined && rowsChange === 'addresses') await this.addresses.byAdministrator(em, before, rows);
    const changed = hash !== undefined && (await this.credentials.setPassword(em, id, hash));
    if (lifts && !changed) throw new IdentityRefused('lift needs a password that differs from the current one.');
    if (changed) await this.#closeHandOver(em, id, lifts);
    const connected = await this.#connect(em, id, connections);
    if (rows !== undefined && rowsChange !== 'none') await replaceTraitRows(em, id, rows);
    await markAddresses(em, id, next.marks);
    const moved = next.state !== undefined && (await moveState(em, this.audit, id, next.state));
    if (moved && hash === undefined && connected === 0 && !next.marks && isSame(before, next, schemaId)) return;
    await execute(em, UPDATE, [
      schemaId,
      JSON.stringify(next.traits),
      jsonOrNull(next.metadataPublic),
      jsonOrNull(next.metadataAdmin),
      next.externalId,
      id,
    ]);
    await this.#record(em, id, 'identity.updated');
    if (changed) await this.#record(em, id, 'credentials.password.set');
    if (connected > 0) await this.#record(em, id, 'credentials.oidc.connected');
  }

  /** Runs before the accounts and addresses of the same request are added, so that they are not suspended. */
  async #closeHandOver(em: SqlEntityManager, id: string, lifts: boolean | undefined): Promise<void> {
    const { closes } = await this.newCredential.set(em, id, { credential: { type: 'password' }, lifts });
    await this.tellOwner.run(em, id, { type: 'password_changed', endsOlder: closes });
  }

  /**
   * An identity can outlive its schema, so an unchanged id is not looked up.
   * @throws IdentityRefused
   */
  #schemaOf(before: IdentityView, { schemaId }: IdentityUpdate): string {
    return schemaId === undefined || schemaId === before.schemaId ? before.schemaId : this.schemas.resolveId(schemaId);
  }

  /**
   * The rows that the traits call for; undefined if traits and schema are unchanged. Unchanged traits are not validated
   * again: an identity that its schema no longer accepts can still be deactivated.
   * @throws TraitsInvalid
   */
  #rowsOf(before: IdentityView, { traits }: IdentityUpdate, schemaId: string): TraitRows | undefined {
    if (schemaId === before.schemaId && isDeepStrictEqual(traits, before.traits)) return undefined;
    return rowsOf(this.schemas.check(schemaId, traits), this.random, this.clock.now());
  }

  /**
   * Resolves to how many of them are new to the identity.
   * @throws IdentityTaken if another identity has the account
   */
  async #connect(em: SqlEntityManager, id: string, connections: readonly StoredConnection[]): Promise<number> {
    const known = connections.length === 0 ? [] : await this.connections.of(id);
    const fresh = connections.filter((given) => !known.some((each) => sameConnection(each, given)));
    for (const connection of fresh)
      if (!(await this.connections.connect(em, id, connection))) throw new IdentityTaken();
    for (const { provider } of fresh) await this.tellOwner.run(em, id, { type: 'social_connected', provider });
    for (const connection of fresh)
      await this.newCredential.set(em, id, { credential: { type: 'oidc', identifier: identifierOf(connection) } });
    return fresh.length;
  }

  async #record(em: SqlEntityManager, targetId: string, action: string): Promise<void> {
    await this.audit.record(em, { action, outcome: 'success', targetType: 'identity', targetId });
  }
}

/**
 * The change, with the exact digits of numbers that stay.
 * @throws TraitsInvalid
 */
function withDigits(before: IdentityView, next: IdentityUpdate): IdentityUpdate {
  const parts = keepDigits(partsOf(before), partsOf(next));
  return {
    ...next,
    traits: parts.traits,
    metadataPublic: parts.metadata_public,
    metadataAdmin: parts.metadata_admin,
  };
}

const partsOf = ({ traits, metadataPublic, metadataAdmin }: IdentityView | IdentityUpdate) => ({
  traits,
  metadata_public: metadataPublic,
  metadata_admin: metadataAdmin,
});

/**
 * Whether the update changes an address's verification. That decides who is notified of changes, so a token that may
 * not write credentials must not do it.
 */
const proves = ({ verifiableAddresses }: IdentityView, { marks = [] }: IdentityUpdate): boolean =>
  marks.some(({ id, verified }) =>
    verifiableAddresses.some((address) => address.id === id && address.verified !== verified),
  );

/** Whether nothing but the state changes. */
function isSame(before: IdentityView, next: IdentityUpdate, schemaId: string): boolean {
  const { traits, metadataPublic, metadataAdmin, externalId } = before;
  return isDeepStrictEqual(
    { schemaId: before.schemaId, traits, metadataPublic, metadataAdmin, externalId },
    {
      schemaId,
      traits: next.traits,
      metadataPublic: next.metadataPublic,
      metadataAdmin: next.metadataAdmin,
      externalId: next.externalId,
    },
  );
}
