import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Clock } from '../../platform/clock/index.js';
import { Database, isUniqueViolation } from '../../platform/database/index.js';
import { CurrentRequest, InsufficientScope } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { AddressHistory } from '../addresses/address-history.js';
import { IdentityTaken, PasswordUseless } from '../identity.errors.js';
import { jsonOrNull } from '../persistence/json-or-null.js';
import type { NewIdentity } from '../requests/new-identity.js';
import { normalizeIdentifier } from '../identifiers/normalize.js';
import { Passwords } from '../passwords/passwords.js';
import { execute } from '../persistence/execute.js';
import { lockUniqueValues } from '../persistence/lock-unique-values.js';
import { keepDigits } from '../schema/keep-digits.js';
import { SchemaRegistry } from '../schema/schema-registry.js';
import { Connections } from '../credentials/connections.js';
import { ADDRESS_COLUMNS, IDENTIFIER_COLUMNS, rowsOf, type TraitRows } from '../identifiers/trait-rows.js';

/** One statement: inserts the identity with all rows that its traits call for, or nothing. */
const INSERT = `
  WITH new_identity AS (
    INSERT INTO identity (id, schema_id, state, traits, metadata_public, metadata_admin, external_id)
    VALUES (?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?) RETURNING id),
  new_credential AS (
    INSERT INTO identity_credential (id, identity_id, type, config, version)
    SELECT c.id, i.id, c.type, c.config, 1
    FROM new_identity i, jsonb_to_recordset(?::jsonb) AS c(id uuid, type text, config jsonb)
    RETURNING id, identity_id, type),
  new_identifier AS (
    INSERT INTO credential_identifier (id, credential_id, identity_id, type, value, normalized)
    SELECT n.id, c.id, c.identity_id, c.type, n.value, n.normalized
    FROM new_credential c JOIN jsonb_to_recordset(?::jsonb) AS n(${IDENTIFIER_COLUMNS}) ON n.type = c.type),
  new_recovery_address AS (
    INSERT INTO recovery_address (id, identity_id, via, value, normalized)
    SELECT a.id, i.id, a.via, a.value, a.normalized
    FROM new_identity i, jsonb_to_recordset(?::jsonb) AS a(${ADDRESS_COLUMNS}))
  INSERT INTO verifiable_address (id, identity_id, via, value, normalized, verified, status, verified_at)
  SELECT a.id, i.id, a.via, a.value, a.normalized, COALESCE(a.verified, false), COALESCE(a.status, 'pending'),
    CASE WHEN a.verified THEN COALESCE(a.verified_at, clock_timestamp()) END
  FROM new_identity i, jsonb_to_recordset(?::jsonb)
    AS a(${ADDRESS_COLUMNS}, verified boolean, status text, verified_at timestamptz)`;

/** A new identity has no stored numbers, so any number with more digits than a double is refused. */
const NOTHING = {};

/** Creates an identity, and writes the audit event with it. */
@Injectable()
export class CreateIdentity {
  constructor(
    private readonly db: Database,
    private readonly schemas: SchemaRegistry,
    private readonly passwords: Passwords,
    private readonly connections: Connections,
    private readonly history: AddressHistory,
    private readonly audit: AuditService,
    private readonly current: CurrentRequest,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  /**
   * Resolves to the new identity's id.
   * @throws IdentityRefused, TraitsInvalid, HashRefused, PasswordUseless, IdentityTaken, InsufficientScope
   */
  async run(input: NewIdentity): Promise<string> {
    const { password, hashedPassword, connections = [], traits, metadataPublic, metadataAdmin } = input;
    const wantsCredentials = password !== undefined || hashedPassword !== undefined || connections.length > 0;
    if (wantsCredentials && !this.current.may('credentials:write')) throw new InsufficientScope(['credentials:write']);
    keepDigits(NOTHING, { traits, metadata_public: metadataPublic, metadata_admin: metadataAdmin });
    const schemaId = this.schemas.resolveId(input.schemaId);
    if ((password ?? hashedPassword) !== undefined && !this.schemas.takesPasswords(schemaId))
      throw new PasswordUseless(schemaId);
    const extracted = this.schemas.check(schemaId, traits);
    const rows = withPassword(
      rowsOf(extracted, this.random, this.clock.now()),
      await this.passwords.ofGiven(input),
      this.random,
    );
    const id = this.random.uuid();
    await this.#insert(id, schemaId, input, rows);
    return id;
  }

  async #insert(id: string, schemaId: string, input: NewIdentity, rows: TraitRows): Promise<void> {
    try {
      await this.db.transaction(async (em: SqlEntityManager) => {
        await lockUniqueValues(em, undefined, rows, input.externalId, this.history.minAge);
        await execute(em, INSERT, [
          id,
          schemaId,
          input.state ?? 'active',
          JSON.stringify(input.traits),
          jsonOrNull(input.metadataPublic),
          jsonOrNull(input.metadataAdmin),
          input.externalId ?? null,
          JSON.stringify(rows.credentials),
          JSON.stringify(rows.identifiers),
          JSON.stringify(rows.recovery),
          JSON.stringify(knownAddresses(rows.verifiable, input)),
        ]);
        for (const connection of input.connections ?? [])
          if (!(await this.connections.connect(em, id, connection))) throw new IdentityTaken();
        await this.audit.record(em, {
          action: 'identity.created',
          outcome: 'success',
          targetType: 'identity',
          targetId: id,
        });
      });
    } catch (error) {
      throw isUniqueViolation(error) ? new IdentityTaken() : error;
    }
  }
}

/** Puts the hash into the password credential, which is created if no trait called for one. */
function withPassword(rows: TraitRows, hash: string | undefined, random: Random): TraitRows {
  if (hash === undefined) return rows;
  const config = { hashed_password: hash };
  const others = rows.credentials.filter(({ type }) => type !== 'password');
  const given = rows.credentials.find(({ type }) => type === 'password');
  return { ...rows, credentials: [...others, { id: given?.id ?? random.uuid(), type: 'password', config }] };
}

/** Applies the caller's verification states to the addresses from the traits. */
function knownAddresses(addresses: TraitRows['verifiable'], { verifiableAddresses = [] }: NewIdentity): object[] {
  return addresses.map((address) => {
    const known = verifiableAddresses.find(
      ({ via, value }) => via === address.via && normalizeIdentifier(value) === address.normalized,
    );
    if (known === undefined) return address;
    const verifiedAt = known.verifiedAt === undefined ? {} : { verified_at: known.verifiedAt.toISOString() };
    return { ...address, verified: known.verified, status: known.status, ...verifiedAt };
  });
}
