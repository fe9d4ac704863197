import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Turns } from '../platform/clock/index.js';
import { Database } from '../platform/database/index.js';
import { RATE_LIMITER, type RateLimiter } from '../platform/rate-limit/index.js';
import { type CredentialIntent, VETOES, type Vetoes } from '../platform/vetoes/index.js';
import { AddressRequired, AddressUndoRefused, TraitsInvalid } from './identity.errors.js';
import { DomainError, MissingRow } from '../platform/errors/index.js';
import { isUuid } from '../platform/flow/index.js';
import type { FormFields } from '../platform/http/index.js';
import { CredentialNews } from './credentials/credential-news.js';
import type { BatchEntry, BatchResult } from './requests/batch.js';
import type { GivenCredentials } from './requests/identity-body.js';
import { moveState } from './persistence/identity-state.js';
import type { IdentityUpdate } from './requests/identity-update.js';
import type { CredentialView, IdentityState, IdentityView } from './identity.view.js';
import type { NewIdentity } from './requests/new-identity.js';
import { IdentityReader, type ListQuery, type IdentityPage } from './persistence/identity.reader.js';
import { Identity } from './persistence/identity.entities.js';
import type { Extracted } from './schema/addresses-of.js';
import { type SuspendedWay, SuspendedWays } from './credentials/suspended-ways.js';
import { SchemaRegistry } from './schema/schema-registry.js';
import { type ShownField, shownFields } from './schema/shown-fields.js';
import { traitsFromForm } from './schema/traits-from-form.js';
import { CreateIdentity } from './steps/create-identity.js';
import { DeleteCredential } from './steps/delete-credential.js';
import { UndoAddressChange } from './steps/undo-address-change.js';
import { KeepSuspended } from './steps/keep-suspended.js';
import { SuspendedRemoval } from './suspended.removal.service.js';
import { UpdateIdentity } from './steps/update-identity.js';
import { UpdateTraits } from './steps/update-traits.js';

/** Reads and changes identities, for other modules and the admin API. */
@Injectable()
export class IdentityService {
  constructor(
    private readonly db: Database,
    private readonly reader: IdentityReader,
    private readonly schemas: SchemaRegistry,
    private readonly audit: AuditService,
    private readonly createIdentity: CreateIdentity,
    private readonly replaceTraits: UpdateTraits,
    private readonly updateIdentity: UpdateIdentity,
    private readonly removeCredential: DeleteCredential,
    private readonly credentialNews: CredentialNews,
    private readonly undoChange: UndoAddressChange,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    private readonly ways: SuspendedWays,
    private readonly keep: KeepSuspended,
    private readonly remove: SuspendedRemoval,
    @Inject(VETOES) private readonly vetoes: Vetoes,
  ) {}

  /** @throws MissingRow */
  async get(id: string): Promise<IdentityView> {
    const found = await this.find(id);
    if (found === undefined) throw new MissingRow();
    return found;
  }

  /** Undefined for an unknown or malformed id. */
  async find(id: string): Promise<IdentityView | undefined> {
    return isUuid(id) ? this.reader.byId(id) : undefined;
  }

  /** Finds an identity by an identifier in any spelling, of any credential type. */
  async findByIdentifier(identifier: string): Promise<IdentityView | undefined> {
    return this.reader.byIdentifier(identifier);
  }

  async findByExternalId(externalId: string): Promise<IdentityView | undefined> {
    return this.reader.byExternalId(externalId);
  }

  /** @throws IdentityRefused if the page token was not issued by this server; PageTooLarge */
  async list(query: ListQuery): Promise<IdentityPage> {
    return this.reader.page(query);
  }

  /** The identities in the order of the ids, as many as fit on a page; undefined for an id that does not exist. */
  async inOrder(ids: readonly string[]): Promise<(IdentityView | undefined)[]> {
    return this.reader.inOrder(ids);
  }

  /** How many times the identity fits on one page; at least once. */
  roomFor(identity: IdentityView): number {
    return this.reader.roomFor(identity);
  }

  /** Credentials by identity id. They contain secrets: only for administrators. */
  async credentialsOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly CredentialView[]>> {
    return this.reader.credentials(ids);
  }

  /** @throws IdentityRefused, TraitsInvalid, HashRefused, IdentityTaken, InsufficientScope */
  async create(input: NewIdentity): Promise<IdentityView> {
    return this.get(await this.createIdentity.run(input));
  }

  /** Creates identities one after the other. A refused entry does not stop the others. */
  async createMany(entries: readonly BatchEntry[]): Promise<BatchResult[]> {
    const results: BatchResult[] = [];
    const turns = new Turns();
    let broken: DomainError | undefined;
    for (const { read } of entries) {
      await turns.pass(); // If all entries are refused at once, no other await lets other requests run.
      const result = broken ? { error: broken } : await this.db.apart(() => this.#tryToCreate(read));
      // A server fault would affect every following entry too.
      if ('error' in result && result.error.status >= 500) broken = result.error;
      results.push(result);
    }
    return results;
  }

  /**
   * @throws MissingRow, IdentityRefused, TraitsInvalid, IdentityTaken, HashRefused, InsufficientScope, and anything
   * that `change` throws
   */
  async update(
    id: string,
    change: (current: IdentityView) => IdentityUpdate,
    given?: GivenCredentials,
  ): Promise<IdentityView> {
    if (!isUuid(id)) throw new MissingRow();
    if (given) await this.#ask(id, 'imported', 'credentials.changed');
    await this.updateIdentity.run(id, change, given && (await this.credentialNews.of(id, given)));
    return this.get(id);
  }

  /**
   * @param identifier which credential, for types that an identity can have several of
   * @throws MissingRow, CredentialMissing, LastFirstFactor, IdentityRefused
   */
  async deleteCredential(id: string, type: string, identifier?: string): Promise<void> {
    if (!isUuid(id)) throw new MissingRow();
    await this.#ask(id, 'removed', 'credentials.deleted');
    await this.removeCredential.run(id, type, identifier);
  }

  /** @throws Vetoed, Unavailable. An unknown identity is left to the step. */
  async #ask(identityId: string, change: CredentialIntent['change'], action: string): Promise<void> {
    if (!this.vetoes.listens('beforeCredentialChange') || !(await this.find(identityId))) return;
    await this.vetoes.ask('beforeCredentialChange', { action, identityId, change });
  }

  /**
   * The ways in that a hand-over suspended.
   * @throws MissingRow
   */
  async suspended(id: string): Promise<SuspendedWay[]> {
    await this.get(id);
    return this.ways.of(id);
  }

  /**
   * Puts a suspended way in back into use.
   * @throws MissingRow
   */
  async keepSuspended(id: string, wayId: string): Promise<void> {
    await this.get(id);
    if (!(await this.db.transaction((em) => this.keep.run(em, id, wayId)))) throw new MissingRow();
  }

  /**
   * Permanently removes a suspended way in.
   * @throws MissingRow, AddressRequired
   */
  async removeSuspended(id: string, wayId: string): Promise<void> {
    await this.get(id);
    const removal = await this.db.transaction((em) => this.remove.run(em, id, wayId));
    if (removal === 'unknown') throw new MissingRow();
    if (removal === 'required') throw new AddressRequired();
  }

  /**
   * Deletes the identity and everything that belongs to it, except its audit events and recovery flows.
   * @throws MissingRow
   */
  async delete(id: string): Promise<void> {
    if (!isUuid(id)) throw new MissingRow();
    await this.db.transaction(async (em) => {
      if ((await em.nativeDelete(Identity, { id })) === 0) throw new MissingRow();
      await this.audit.record(em, {
        action: 'identity.deleted',
        outcome: 'success',
        targetType: 'identity',
        targetId: id,
      });
    });
  }

  /** @throws MissingRow, TraitsInvalid, IdentityTaken, PrivilegedFieldChanged */
  async updateTraits(
    id: string,
    traits: Record<string, unknown>,
    { allowIdentifierChange }: { allowIdentifierChange: boolean },
  ): Promise<IdentityView> {
    await this.replaceTraits.run(id, traits, allowIdentifierChange);
    return this.get(id);
  }

  /**
   * @param token from the link that was sent to an address when it was replaced
   * @throws AddressUndoRefused, TooManyRequests
   */
  async undoAddressChange(token: string): Promise<void> {
    if (await this.undoChange.run(token)) return;
    await this.limiter.take(['link_network']);
    throw new AddressUndoRefused();
  }

  /**
   * Deactivation ends every session for good; reactivation revives none.
   * @throws MissingRow
   */
  async setState(id: string, state: IdentityState): Promise<void> {
    if (!isUuid(id)) throw new MissingRow();
    await this.db.transaction(async (em) => {
      if ((await em.count(Identity, { id })) === 0) throw new MissingRow();
      await moveState(em, this.audit, id, state);
    });
  }

  /**
   * The normalized identifiers that the identity would sign in with.
   * @throws IdentityRefused, TraitsInvalid
   */
  identifiersIn({ schemaId, traits }: NewIdentity): string[] {
    const { identifiers } = this.schemas.check(this.schemas.resolveId(schemaId), traits);
    return [...new Set(Object.values(identifiers).flatMap((found) => found.map(({ normalized }) => normalized)))];
  }

  /** Whether people with this schema can sign in with a password. */
  takesPasswords(schemaId: string): boolean {
    return this.schemas.takesPasswords(schemaId);
  }

  /**
   * Whether the traits add an identifier or address that the identity does not have.
   * @throws TraitsInvalid
   */
  bringsNew({ schemaId, traits: before }: IdentityView, traits: Record<string, unknown>): boolean {
    const own = this.#comparedBefore(schemaId, before);
    return [...comparedIn(this.schemas.check(schemaId, traits))].some((value) => !own.has(value));
  }

  /** The form fields for these traits, in schema order. */
  formFields(schemaId: string, traits: Record<string, unknown>): readonly ShownField[] {
    return shownFields(this.schemas.shape(schemaId), traits);
  }

  /** @param shown the traits that the form showed, if they differ from the identity's */
  traitsFromForm({ schemaId, traits }: IdentityView, form: FormFields, shown = traits): Record<string, unknown> {
    return traitsFromForm(this.schemas.shape(schemaId), form, traits, shown);
  }

  /** Current traits that no longer match their schema count as empty, so everything that replaces them is new. */
  #comparedBefore(schemaId: string, traits: Record<string, unknown>): ReadonlySet<string> {
    try {
      return comparedIn(this.schemas.check(schemaId, traits));
    } catch (error) {
      if (error instanceof TraitsInvalid) return new Set();
      throw error;
    }
  }

  async #tryToCreate(read: () => NewIdentity): Promise<BatchResult> {
    try {
      return { id: await this.createIdentity.run(read()) };
    } catch (error) {
      if (error instanceof DomainError) return { error };
      throw error;
    }
  }
}

/** Normalized values that must be unique to the identity. */
const comparedIn = ({ identifiers, recovery, verification }: Extracted): Set<string> =>
  new Set([...Object.values(identifiers).flat(), ...recovery, ...verification].map(({ normalized }) => normalized));
