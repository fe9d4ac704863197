import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Clock } from '../../platform/clock/index.js';
import { Database, isUniqueViolation } from '../../platform/database/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { Random } from '../../platform/random/index.js';
import { IdentityTaken, PrivilegedFieldChanged } from '../identity.errors.js';
import { TellOwner } from '../owner/tell-owner.js';
import { execute } from '../persistence/execute.js';
import { lockUniqueValues } from '../persistence/lock-unique-values.js';
import { replaceTraitRows, traitRowsChange } from '../persistence/replace-trait-rows.js';
import { keepDigits } from '../schema/keep-digits.js';
import { SchemaRegistry } from '../schema/schema-registry.js';
import { rowsOf } from '../identifiers/trait-rows.js';

const LOCK = `SELECT schema_id, traits FROM identity WHERE id = ? FOR UPDATE`;
const UPDATE = `UPDATE identity SET traits = ?::jsonb, updated_at = clock_timestamp() WHERE id = ?`;

/** Replaces the traits, and what follows from them. */
@Injectable()
export class UpdateTraits {
  constructor(
    private readonly db: Database,
    private readonly schemas: SchemaRegistry,
    private readonly audit: AuditService,
    private readonly tellOwner: TellOwner,
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
    const [locked] = await execute<{ schema_id: string; traits: unknown }>(em, LOCK, [id]);
    if (locked === undefined) throw new MissingRow();
    const { traits } = keepDigits({ traits: locked.traits }, { traits: given });
    const rows = rowsOf(this.schemas.check(locked.schema_id, traits), this.random, this.clock.now());
    const rowsChange = await traitRowsChange(em, id, rows);
    if (rowsChange !== 'none') {
      if (!allowed) throw new PrivilegedFieldChanged();
      await lockUniqueValues(em, id, rows);
      if (rowsChange === 'addresses') await this.tellOwner.run(em, id, { type: 'address_changed' });
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
