import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Clock } from '../../platform/clock/index.js';
import { Database, isUniqueViolation } from '../../platform/database/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { Random } from '../../platform/random/index.js';
import { IdentityTaken, PrivilegedFieldChanged } from '../identity.errors.js';
import { AddressChanges } from '../addresses/address-changes.js';
import { AddressHistory } from '../addresses/address-history.js';
import { execute } from '../persistence/execute.js';
import { identityFromJson } from '../persistence/identity-json.js';
import { lockUniqueValues } from '../persistence/lock-unique-values.js';
import { replaceTraitRows, traitRowsChange } from '../persistence/replace-trait-rows.js';
import { keepDigits } from '../schema/keep-digits.js';
import { SchemaRegistry } from '../schema/schema-registry.js';
import { identityJson } from '../sql.js';
import { rowsOf } from '../identifiers/trait-rows.js';

/** Locks first and reads afterwards: a single statement would return the addresses as they were before the wait. */
const LOCK = `SELECT 1 FROM identity WHERE id = ? FOR UPDATE`;
const READ = `SELECT ${identityJson('i')} AS identity FROM identity i WHERE i.id = ?`;
const UPDATE = `UPDATE identity SET traits = ?::jsonb, updated_at = clock_timestamp() WHERE id = ?`;

/** Replaces the traits, and the rows that follow from them. */
@Injectable()
export class UpdateTraits {
  constructor(
    private readonly db: Database,
    private readonly schemas: SchemaRegistry,
    private readonly audit: AuditService,
    private readonly addresses: AddressChanges,
    private readonly history: AddressHistory,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  /** @throws MissingRow, TraitsInvalid, IdentityTaken, PrivilegedFieldChanged */
  async run(id: string, traits: Record<string, unknown>, allowIdentifierChange: boolean): Promise<void> {
    try {
      await this.db.transaction((em) => this.#update(em, id, traits, allowIdentifierChange));
    } catch (error) {
      throw isUniqueViolation(error) ? new IdentityTaken() : error;
    }
  }

  async #update(em: SqlEntityManager, id: string, given: Record<string, unknown>, allowed: boolean): Promise<void> {
    if ((await execute(em, LOCK, [id])).length === 0) throw new MissingRow();
    const [row] = await execute<{ identity: unknown }>(em, READ, [id]);
    const before = identityFromJson(row?.identity);
    const { traits } = keepDigits({ traits: before.traits }, { traits: given });
    const rows = rowsOf(this.schemas.check(before.schemaId, traits), this.random, this.clock.now());
    const rowsChange = await traitRowsChange(em, id, rows);
    if (rowsChange !== 'none') {
      if (!allowed) throw new PrivilegedFieldChanged();
      await lockUniqueValues(em, id, rows, undefined, this.history.minAge);
      if (rowsChange === 'addresses') await this.addresses.byPerson(em, before, rows);
      await replaceTraitRows(em, id, rows);
    }
    await execute(em, UPDATE, [JSON.stringify(traits), id]);
    await this.audit.record(em, {
      action: 'identity.updated',
      outcome: 'success',
      targetType: 'identity',
      targetId: id,
    });
  }
}
