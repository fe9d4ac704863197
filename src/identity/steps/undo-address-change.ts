import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Clock } from '../../platform/clock/index.js';
import { Database, isUniqueViolation } from '../../platform/database/index.js';
import { digest } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { addressesOf, diffOf } from '../addresses/address-diff.js';
import { AddressHistory } from '../addresses/address-history.js';
import { IdentityRefused, IdentityTaken, TraitsInvalid } from '../identity.errors.js';
import type { IdentityView } from '../identity.view.js';
import { rowsOf, type TraitRows } from '../identifiers/trait-rows.js';
import { TellOwner } from '../owner/tell-owner.js';
import { execute } from '../persistence/execute.js';
import { identityFromJson } from '../persistence/identity-json.js';
import { lockUniqueValues } from '../persistence/lock-unique-values.js';
import { replaceTraitRows } from '../persistence/replace-trait-rows.js';
import { SchemaRegistry } from '../schema/schema-registry.js';
import { identityJson } from '../sql.js';

/**
 * Value: digest. Takes the lock first, because every transaction locks the identity before its rows. During a hand-over
 * or containment the link does not work yet.
 */
const LOCK = `
  SELECT identity.id FROM identity JOIN address_change ON address_change.identity_id = identity.id
  WHERE address_change.digest = decode(?, 'hex') AND identity.contained_at IS NULL
    AND (identity.hand_over_until IS NULL OR identity.hand_over_until <= clock_timestamp()) FOR UPDATE OF identity`;
/**
 * Values: digest, seconds. The guarded write: of two concurrent requests one succeeds, and none after the deadline.
 * Index: address_change_digest.
 */
const CONSUME = `
  UPDATE address_change SET undone_at = clock_timestamp()
  WHERE digest = decode(?, 'hex') AND undone_at IS NULL AND changed_at > clock_timestamp() - make_interval(secs => ?::float8)
  RETURNING identity_id, schema_id, traits`;
const READ = `SELECT ${identityJson('i')} AS identity FROM identity i WHERE i.id = ?`;

/** Values: path, path, path, path, identity. Reverts the change at that path and keeps the rest. */
const RESTORE_PART = `
  UPDATE identity SET traits = CASE WHEN c.traits #> ?::text[] IS NULL THEN identity.traits #- ?::text[]
    ELSE jsonb_set(identity.traits, ?::text[], c.traits #> ?::text[], true) END, updated_at = clock_timestamp()
  FROM address_change c WHERE c.identity_id = identity.id AND identity.id = ?`;
/** Value: identity. */
const RESTORE_ALL = `
  UPDATE identity SET schema_id = c.schema_id, traits = c.traits, updated_at = clock_timestamp()
  FROM address_change c WHERE c.identity_id = identity.id AND identity.id = ?`;

interface Before {
  schema_id: string;
  traits: Record<string, unknown>;
}

/** Reverts a token's change of an identity's addresses, for the holder of an address that it had before. */
@Injectable()
export class UndoAddressChange {
  constructor(
    private readonly db: Database,
    private readonly schemas: SchemaRegistry,
    private readonly history: AddressHistory,
    private readonly tellOwner: TellOwner,
    private readonly audit: AuditService,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  /**
   * False if the link does not work: it is wrong, used, expired or of a deleted identity; or another identity has the
   * addresses by now, or the schemas have changed too much.
   */
  async run(token: string): Promise<boolean> {
    try {
      return await this.db.transaction((em) => this.#undo(em, digest(token).toString('hex')));
    } catch (error) {
      const impossible =
        error instanceof IdentityTaken || error instanceof TraitsInvalid || error instanceof IdentityRefused;
      if (impossible || isUniqueViolation(error)) return false;
      throw error;
    }
  }

  async #undo(em: SqlEntityManager, hex: string): Promise<boolean> {
    if ((await execute(em, LOCK, [hex])).length === 0) return false;
    const [change] = await execute<Before & { identity_id: string }>(em, CONSUME, [hex, this.history.minAge]);
    if (change === undefined) return false;
    const { identity_id: id } = change;
    const now = await this.#read(em, id);
    await this.tellOwner.run(em, id, { type: 'address_changed' });
    const rows = await this.#restore(em, now, change);
    await lockUniqueValues(em, id, rows, undefined, this.history.minAge);
    await this.history.record(em, id, diffOf(addressesOf(now), rows), 'undo');
    await replaceTraitRows(em, id, rows);
    await this.audit.record(em, {
      action: 'identity.address_change_undone',
      outcome: 'success',
      targetType: 'identity',
      targetId: id,
    });
    return true;
  }

  /**
   * Restores the addresses and as little else as possible. Resolves to the rows that follow from the restored traits.
   */
  async #restore(em: SqlEntityManager, now: IdentityView, before: Before): Promise<TraitRows> {
    const wanted = this.schemas.check(before.schema_id, before.traits);
    if (now.schemaId === before.schema_id) {
      for (const path of this.#placesOf(now.schemaId, [now.traits, before.traits]))
        await execute(em, RESTORE_PART, [...Array.from({ length: 4 }, () => pathText(path)), now.id]);
      const rows = await this.#rowsOf(em, now.id);
      if (rows !== undefined && sameAddresses(rows, rowsOf(wanted, this.random, this.clock.now()))) return rows;
    }
    await execute(em, RESTORE_ALL, [now.id]);
    return rowsOf(wanted, this.random, this.clock.now());
  }

  /** The paths of addresses in the traits; for addresses in a list, the path of the list. */
  #placesOf(schemaId: string, documents: readonly Record<string, unknown>[]): string[][] {
    const paths = documents.flatMap((traits) => {
      const { recovery, verification } = this.schemas.check(schemaId, traits);
      return [...recovery, ...verification].map(({ path }) => beforeList(traits, path.slice(1)));
    });
    return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
  }

  async #rowsOf(em: SqlEntityManager, id: string): Promise<TraitRows | undefined> {
    const { schemaId, traits } = await this.#read(em, id);
    try {
      return rowsOf(this.schemas.check(schemaId, traits), this.random, this.clock.now());
    } catch (error) {
      if (error instanceof TraitsInvalid) return undefined;
      throw error;
    }
  }

  async #read(em: SqlEntityManager, id: string): Promise<IdentityView> {
    const [row] = await execute<{ identity: unknown }>(em, READ, [id]);
    return identityFromJson(row?.identity);
  }
}

/** The path up to its first list. */
function beforeList(traits: unknown, path: readonly string[]): string[] {
  let here = traits;
  for (const [depth, key] of path.entries()) {
    if (Array.isArray(here)) return path.slice(0, depth);
    here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[key] : undefined;
  }
  return [...path];
}

/** PostgreSQL's text format of a text array. */
const pathText = (path: readonly string[]): string =>
  `{${path.map((key) => `"${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;

const sameAddresses = (a: TraitRows, b: TraitRows): boolean => {
  const { added, removed, respelled } = diffOf(a, b);
  return added.length + removed.length + respelled.length === 0;
};
