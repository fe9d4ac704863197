import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Clock } from '../../platform/clock/index.js';
import { Database, isUniqueViolation } from '../../platform/database/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { Random } from '../../platform/random/index.js';
import { IdentityTaken, PrivilegedFieldChanged } from '../identity.errors.js';
import { execute } from '../persistence/execute.js';
import { CredentialIdentifier, RecoveryAddress, VerifiableAddress } from '../persistence/identity.entities.js';
import { SchemaRegistry } from '../schema/schema-registry.js';
import { ADDRESS_COLUMNS, IDENTIFIER_COLUMNS, rowsOf, type TraitRows } from '../trait-rows.js';

const LOCK = `SELECT schema_id FROM identity WHERE id = ? FOR UPDATE`;
const UPDATE = `UPDATE identity SET traits = ?::jsonb, updated_at = clock_timestamp() WHERE id = ?`;

/** What is no longer in the traits goes first; what is still there keeps its row, its id and whether it is verified. */
const KEEP_IDENTIFIERS = `
  DELETE FROM credential_identifier o WHERE o.identity_id = ? AND NOT EXISTS (
    SELECT 1 FROM jsonb_to_recordset(?::jsonb) AS n(${IDENTIFIER_COLUMNS})
    WHERE n.type = o.type AND n.normalized = o.normalized)`;
const ADD_CREDENTIALS = `
  INSERT INTO identity_credential (id, identity_id, type, config, version)
  SELECT c.id, ?::uuid, c.type, c.config, 1
  FROM jsonb_to_recordset(?::jsonb) AS c(id uuid, type text, config jsonb)
  ON CONFLICT (identity_id, type) DO UPDATE
    SET config = identity_credential.config || excluded.config, updated_at = clock_timestamp()`;
const ADD_IDENTIFIERS = `
  INSERT INTO credential_identifier (id, credential_id, identity_id, type, value, normalized)
  SELECT n.id, c.id, c.identity_id, c.type, n.value, n.normalized
  FROM jsonb_to_recordset(?::jsonb) AS n(${IDENTIFIER_COLUMNS})
  JOIN identity_credential c ON c.identity_id = ?::uuid AND c.type = n.type
  ON CONFLICT (type, normalized) DO UPDATE SET value = excluded.value
    WHERE credential_identifier.identity_id = excluded.identity_id
  RETURNING 1`;

const keepAddresses = (table: string): string => `
  DELETE FROM ${table} o WHERE o.identity_id = ? AND NOT EXISTS (
    SELECT 1 FROM jsonb_to_recordset(?::jsonb) AS n(${ADDRESS_COLUMNS})
    WHERE n.via = o.via AND n.normalized = o.normalized)`;
const addAddresses = (table: string): string => `
  INSERT INTO ${table} (id, identity_id, via, value, normalized)
  SELECT n.id, ?::uuid, n.via, n.value, n.normalized FROM jsonb_to_recordset(?::jsonb) AS n(${ADDRESS_COLUMNS})
  ON CONFLICT (via, normalized) DO UPDATE SET value = excluded.value
    WHERE ${table}.identity_id = excluded.identity_id
  RETURNING 1`;

/** Replaces the traits, and what follows from them. */
@Injectable()
export class UpdateTraits {
  constructor(
    private readonly db: Database,
    private readonly schemas: SchemaRegistry,
    private readonly audit: AuditService,
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

  async #update(em: SqlEntityManager, id: string, traits: Record<string, unknown>, allowed: boolean): Promise<void> {
    const [locked] = await execute<{ schema_id: string }>(em, LOCK, [id]);
    if (locked === undefined) throw new MissingRow();
    const rows = rowsOf(this.schemas.check(locked.schema_id, traits), this.random, this.clock.now());
    if (await this.#touchesIdentifiers(em, id, rows)) {
      if (!allowed) throw new PrivilegedFieldChanged();
      await this.#replace(em, id, rows);
    }
    await execute(em, UPDATE, [JSON.stringify(traits), id]);
    await this.audit.record(em, {
      action: 'identity.updated',
      outcome: 'success',
      targetType: 'identity',
      targetId: id,
    });
  }

  async #touchesIdentifiers(em: SqlEntityManager, identityId: string, rows: TraitRows): Promise<boolean> {
    const identifiers = await em.find(CredentialIdentifier, { identityId });
    const recovery = await em.find(RecoveryAddress, { identityId });
    const verifiable = await em.find(VerifiableAddress, { identityId });
    return (
      differ(identifiers.map(byType), rows.identifiers.map(byType)) ||
      differ(recovery.map(byVia), rows.recovery.map(byVia)) ||
      differ(verifiable.map(byVia), rows.verifiable.map(byVia))
    );
  }

  async #replace(em: SqlEntityManager, id: string, rows: TraitRows): Promise<void> {
    const identifiers = JSON.stringify(rows.identifiers);
    await execute(em, KEEP_IDENTIFIERS, [id, identifiers]);
    await execute(em, ADD_CREDENTIALS, [id, JSON.stringify(rows.credentials)]);
    const taken = [(await execute(em, ADD_IDENTIFIERS, [identifiers, id])).length < rows.identifiers.length];
    for (const [table, addresses] of [
      ['recovery_address', rows.recovery],
      ['verifiable_address', rows.verifiable],
    ] as const) {
      const json = JSON.stringify(addresses);
      await execute(em, keepAddresses(table), [id, json]);
      taken.push((await execute(em, addAddresses(table), [id, json])).length < addresses.length);
    }
    if (taken.includes(true)) throw new IdentityTaken();
  }
}

/** The spelling counts too: it is what mail is sent to. */
const byType = ({ type, normalized, value }: { type: string; normalized: string; value: string }): string =>
  JSON.stringify([type, normalized, value]);
const byVia = ({ via, normalized, value }: { via: string; normalized: string; value: string }): string =>
  JSON.stringify([via, normalized, value]);

function differ(before: readonly string[], after: readonly string[]): boolean {
  return before.length !== after.length || after.some((each) => !before.includes(each));
}
