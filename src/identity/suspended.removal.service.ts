import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { isUuid } from '../platform/flow/index.js';
import { AddressHistory } from './addresses/address-history.js';
import { diffOf } from './addresses/address-diff.js';
import { Connections } from './credentials/connections.js';
import { hasPassword } from './credentials/has-password.js';
import { type StoredWay, SuspendedWays } from './credentials/suspended-ways.js';
import { TraitsInvalid } from './identity.errors.js';
import { TellOwner } from './owner/tell-owner.js';
import { execute } from './persistence/execute.js';
import { IdentityReader } from './persistence/identity.reader.js';
import { SchemaRegistry } from './schema/schema-registry.js';
import { withoutTrait } from './schema/without-trait.js';
import { UpdateTraits } from './steps/update-traits.js';

/** `required`: the traits must contain the address, or the password would be left without an identifier. */
type Removal = 'removed' | 'unknown' | 'required';

const LOCK = `SELECT 1 FROM identity WHERE id = ? FOR UPDATE`;
/** Values: identity, address. */
const DELETE_ADDRESS = `DELETE FROM recovery_address WHERE identity_id = ? AND id = ?`;

/**
 * Permanently removes a suspended way in, after the person or an administrator has said that it is not the person’s.
 */
@Injectable()
export class SuspendedRemoval {
  constructor(
    private readonly ways: SuspendedWays,
    private readonly connections: Connections,
    private readonly reader: IdentityReader,
    private readonly schemas: SchemaRegistry,
    private readonly updateTraits: UpdateTraits,
    private readonly history: AddressHistory,
    private readonly tellOwner: TellOwner,
    private readonly audit: AuditService,
  ) {}

  /** Runs in the caller's transaction. Changes nothing unless it resolves to `removed`. */
  async run(em: SqlEntityManager, identityId: string, wayId: string): Promise<Removal> {
    if (!isUuid(wayId)) return 'unknown';
    await execute(em, LOCK, [identityId]);
    const way = await this.ways.find(em, identityId, wayId);
    if (way === undefined) return 'unknown';
    if (way.kind === 'account') await this.#removeAccount(em, identityId, way);
    else if (!(await this.#removeAddress(em, identityId, way))) return 'required';
    await this.audit.record(em, {
      action: `identity.${way.kind}_removed`,
      outcome: 'success',
      targetType: 'identity',
      targetId: identityId,
      ...(way.kind === 'account' && { detail: { provider: way.via } }),
    });
    return 'removed';
  }

  /** A suspended account signs nobody in, so even the last one may be removed. */
  async #removeAccount(em: SqlEntityManager, identityId: string, { normalized, via }: StoredWay): Promise<void> {
    await this.connections.removeOne(em, identityId, normalized);
    await this.tellOwner.run(em, identityId, { type: 'social_disconnected', provider: via });
  }

  /** False if the identity must keep the address. */
  async #removeAddress(em: SqlEntityManager, identityId: string, way: StoredWay): Promise<boolean> {
    const identity = (await this.reader.byId(identityId))!;
    try {
      const traits = this.#without(identity.schemaId, identity.traits, way);
      if (traits === identity.traits) await this.#removeStray(em, identityId, way);
      else if (!(await this.#leavesPasswordUsable(em, identityId, identity.schemaId, traits))) return false;
      else await this.updateTraits.run(identityId, traits, true);
      return true;
    } catch (error) {
      if (error instanceof TraitsInvalid) return false;
      throw error;
    }
  }

  /**
   * Removes the address everywhere, because it may occur in several traits.
   * @throws TraitsInvalid
   */
  #without(schemaId: string, traits: Record<string, unknown>, way: StoredWay): Record<string, unknown> {
    const { recovery } = this.schemas.check(schemaId, traits);
    const found = recovery.find(({ via, normalized }) => via === way.via && normalized === way.normalized);
    return found === undefined ? traits : this.#without(schemaId, withoutTrait(traits, found.path.slice(1)), way);
  }

  async #leavesPasswordUsable(
    em: SqlEntityManager,
    identityId: string,
    schemaId: string,
    traits: Record<string, unknown>,
  ): Promise<boolean> {
    const { identifiers } = this.schemas.check(schemaId, traits);
    return (identifiers['password'] ?? []).length > 0 || !(await hasPassword(em, identityId));
  }

  /** No trait contains the address, because it was stored under another schema. Everything else stays unchanged. */
  async #removeStray(em: SqlEntityManager, identityId: string, { id, via, value }: StoredWay): Promise<void> {
    await this.tellOwner.run(em, identityId, { type: 'address_changed' });
    const none = { recovery: [], verifiable: [] };
    await this.history.record(em, identityId, diffOf({ ...none, recovery: [{ via, value }] }, none), 'trusted');
    await execute(em, DELETE_ADDRESS, [identityId, id]);
  }
}
