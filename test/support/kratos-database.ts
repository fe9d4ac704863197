import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { emptyDatabase } from './database.js';
import { KRATOS_CREDENTIAL_TYPES, KRATOS_TABLES } from './kratos-tables.js';

export interface KratosPerson {
  id?: string;
  network?: string;
  schema?: string;
  state?: 'active' | 'inactive';
  /** JSON text keeps its numbers as written */
  traits?: object | string;
  metadataPublic?: string | null;
  metadataAdmin?: string | null;
  externalId?: string;
  availableAal?: string | null;
  organization?: string;
  createdAt?: string;
  /** one row each: type, config, identifiers */
  credentials?: readonly KratosCredentialRow[];
  recovery?: readonly string[];
  verifiable?: readonly { value: string; verified?: boolean; via?: string; status?: string }[];
}

export type KratosCredentialRow = readonly [
  type: string,
  config: object,
  identifiers?: readonly string[],
  version?: number,
];

export interface KratosLogin {
  token?: string | null;
  active?: boolean;
  /** seconds from now */
  expiresIn?: number;
  aal?: string;
  methods?: object[];
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const chance = (length: number): string => [...randomBytes(length)].map((byte) => ALPHABET[byte % 62]).join('');
const sessionToken = (): string => `ory_st_${chance(32)}`;

/** A database with Kratos' tables, which a test fills. */
export class KratosDatabase {
  readonly network = randomUUID();
  readonly #types = new Map<string, string>();

  private constructor(
    readonly url: string,
    private readonly pool: pg.Pool,
    private readonly remove: () => Promise<void>,
  ) {}

  /** @param place absent: a new database on the run's server */
  static async make(place?: { url: string; drop(): Promise<void> }): Promise<KratosDatabase> {
    const { url, drop } = place ?? (await emptyDatabase());
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    pool.on('error', () => undefined);
    const database = new KratosDatabase(url, pool, drop);
    for (const sql of KRATOS_TABLES) await pool.query(sql);
    for (const name of KRATOS_CREDENTIAL_TYPES) {
      const id = randomUUID();
      database.#types.set(name, id);
      await pool.query('INSERT INTO identity_credential_types VALUES ($1, $2)', [id, name]);
    }
    await database.addNetwork(database.network);
    return database;
  }

  async sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  /** Removes everyone. */
  async reset(): Promise<void> {
    await this.sql('TRUNCATE networks CASCADE');
    await this.addNetwork(this.network);
  }

  async addNetwork(id: string): Promise<string> {
    await this.sql('INSERT INTO networks VALUES ($1, now(), now())', [id]);
    return id;
  }

  /** Adds a person, with an address and a password by default. Resolves to the id. */
  async add(person: KratosPerson = {}): Promise<string> {
    const { id = randomUUID(), network = this.network, createdAt = '2024-05-06 07:08:09.123456' } = person;
    const traits = person.traits ?? { email: `person.${id}@example.com` };
    await this.sql(
      `INSERT INTO identities (id, schema_id, traits, created_at, updated_at, nid, state, state_changed_at, metadata_public,
        metadata_admin, available_aal, organization_id, external_id)
       VALUES ($1, $2, $3, $4, $4, $5, $6, $4, $7, $8, $9, $10, $11)`,
      [
        id,
        person.schema ?? 'person',
        typeof traits === 'string' ? traits : JSON.stringify(traits),
        createdAt,
        network,
        person.state ?? 'active',
        person.metadataPublic ?? null,
        person.metadataAdmin ?? null,
        person.availableAal === undefined ? 'aal1' : person.availableAal,
        person.organization ?? null,
        person.externalId ?? null,
      ],
    );
    for (const credential of person.credentials ?? []) await this.#credential(id, network, createdAt, credential);
    for (const value of person.recovery ?? [])
      await this.sql(`INSERT INTO identity_recovery_addresses VALUES ($1, 'email', $2, $3, $4, $4, $5)`, [
        randomUUID(),
        value,
        id,
        createdAt,
        network,
      ]);
    for (const { value, verified = false, via = 'email', status } of person.verifiable ?? [])
      await this.sql(
        `INSERT INTO identity_verifiable_addresses VALUES ($1, $2, $3, $4::boolean, $5, CASE WHEN $4::boolean THEN $7::timestamp END, $6, $7, $7, $8)`,
        [randomUUID(), status ?? (verified ? 'completed' : 'sent'), via, verified, value, id, createdAt, network],
      );
    return id;
  }

  /** Adds a person who signs in with `email` and a hash. */
  async addWithHash(email: string, hash: string, more: KratosPerson = {}): Promise<string> {
    return this.add({
      traits: { email },
      credentials: [['password', { hashed_password: hash }, [email]]],
      recovery: [email],
      verifiable: [{ value: email, verified: true }],
      ...more,
    });
  }

  async signIn(identityId: string, login: KratosLogin = {}): Promise<{ id: string; token: string | null }> {
    const [id, token] = [randomUUID(), login.token === undefined ? sessionToken() : login.token];
    const methods = login.methods ?? [{ method: 'password', aal: 'aal1', completed_at: '2026-01-02T03:04:05.678901Z' }];
    await this.sql(
      `INSERT INTO sessions (id, issued_at, expires_at, authenticated_at, identity_id, created_at, updated_at, token, active,
        nid, logout_token, aal, authentication_methods)
       SELECT $1, t.now, t.now + make_interval(secs => $2), t.now, $3, t.now, t.now, $4, $5, i.nid, $6, $7, $8
       FROM identities i, (SELECT now() AT TIME ZONE 'UTC' AS now) t WHERE i.id = $3`,
      [
        id,
        login.expiresIn ?? 3_600,
        identityId,
        token,
        login.active ?? true,
        `ory_lo_${chance(32)}`,
        login.aal ?? 'aal1',
        JSON.stringify(methods),
      ],
    );
    await this.sql(
      `INSERT INTO session_devices (id, ip_address, user_agent, location, nid, session_id, created_at, updated_at, identity_id)
       SELECT $1, '203.0.113.7:4711', 'Phone/1.0', 'Bern, CH', s.nid, s.id, s.created_at, s.created_at, s.identity_id
       FROM sessions s WHERE s.id = $2`,
      [randomUUID(), id],
    );
    return { id, token };
  }

  /** Adds many people with random ids, each with an address and this hash. */
  async addMany(count: number, hash: string, prefix = 'many'): Promise<void> {
    const types = `(SELECT id FROM identity_credential_types WHERE name = 'password')`;
    await this.sql(
      `WITH n AS (SELECT gen_random_uuid() AS id, $3 || i || '@example.com' AS email FROM generate_series(1, $1) i),
      made AS (
        INSERT INTO identities (id, schema_id, traits, created_at, updated_at, nid, available_aal)
        SELECT id, 'person', jsonb_build_object('email', email, 'name', jsonb_build_object('first', 'Ada', 'last', email)),
          '2024-01-01', '2024-01-01', $2, 'aal1' FROM n RETURNING 1),
      credential AS (
        INSERT INTO identity_credentials (id, config, identity_credential_type_id, identity_id, created_at, updated_at, nid)
        SELECT gen_random_uuid(), jsonb_build_object('hashed_password', $4::text), ${types}, id, '2024-01-01', '2024-01-01', $2
        FROM n RETURNING id, identity_id),
      identifier AS (
        INSERT INTO identity_credential_identifiers (id, identifier, identity_credential_id, created_at, updated_at, nid,
          identity_credential_type_id, identity_id)
        SELECT gen_random_uuid(), n.email, c.id, '2024-01-01', '2024-01-01', $2, ${types}, n.id
        FROM n JOIN credential c ON c.identity_id = n.id RETURNING 1),
      recovery AS (
        INSERT INTO identity_recovery_addresses SELECT gen_random_uuid(), 'email', email, id, '2024-01-01', '2024-01-01', $2
        FROM n RETURNING 1)
      INSERT INTO identity_verifiable_addresses
      SELECT gen_random_uuid(), 'completed', 'email', true, email, '2024-01-01', id, '2024-01-01', '2024-01-01', $2 FROM n`,
      [count, this.network, prefix, hash],
    );
    await this.sql('ANALYZE');
  }

  async drop(): Promise<void> {
    await this.pool.end();
    await this.remove();
  }

  async #credential(
    identityId: string,
    network: string,
    createdAt: string,
    [type, config, identifiers = [], version = 0]: KratosCredentialRow,
  ): Promise<void> {
    const [id, typeId] = [randomUUID(), await this.#typeId(type)];
    await this.sql(
      `INSERT INTO identity_credentials (id, config, identity_credential_type_id, identity_id, created_at, updated_at, nid, version)
       VALUES ($1, $2, $3, $4, $5, $5, $6, $7)`,
      [id, JSON.stringify(config), typeId, identityId, createdAt, network, version],
    );
    for (const identifier of identifiers)
      await this.sql(`INSERT INTO identity_credential_identifiers VALUES ($1, $2, $3, $4, $4, $5, $6, $7)`, [
        randomUUID(),
        identifier,
        id,
        createdAt,
        network,
        typeId,
        identityId,
      ]);
  }

  /** Creates the type if Kratos does not know the name. */
  async #typeId(name: string): Promise<string> {
    const known = this.#types.get(name);
    if (known !== undefined) return known;
    const id = randomUUID();
    await this.sql('INSERT INTO identity_credential_types VALUES ($1, $2)', [id, name]);
    this.#types.set(name, id);
    return id;
  }
}
