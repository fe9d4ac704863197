import pg from 'pg';
import { KratosShapeUnknown, KratosSourceLost, KratosSourceUnreachable } from '../kratos-import.errors.js';
import { readDsn } from './kratos-dsn.js';
import * as sql from './kratos-queries.js';
import type {
  KratosAddress,
  KratosCounts,
  KratosCredential,
  KratosIdentity,
  KratosSession,
  KratosSpelling,
  KratosVerifiableAddress,
} from './kratos-rows.js';
import { type KratosShape, REQUIRED, shapeOf } from './kratos-shape.js';

const FIRST = '00000000-0000-0000-0000-000000000000';
const CURSOR_ROWS = 5_000;

/** An identity without its dependent rows, which are read per page. */
type Head = Omit<KratosIdentity, 'credentials' | 'recoveryAddresses' | 'verifiableAddresses' | 'sessions'>;

/** A snapshot of a Kratos database, over one read-only connection. */
export class KratosSource {
  private constructor(
    private readonly client: pg.Client,
    private readonly shape: KratosShape,
  ) {}

  /** @throws KratosDsnUnusable, KratosSourceUnreachable, KratosShapeUnknown */
  static async open(dsn: string): Promise<KratosSource> {
    const { client: config, searchPath } = readDsn(dsn);
    const client = new pg.Client(config);
    client.on('error', () => undefined); // reported by the next query
    try {
      await client.connect();
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await client.query(`SELECT set_config('timezone', 'UTC', true), set_config('statement_timeout', '0', true)`);
      if (searchPath !== undefined) await client.query(`SELECT set_config('search_path', $1, true)`, [searchPath]);
      const { rows } = await client.query<{ table: string; column: string }>(sql.COLUMNS, [Object.keys(REQUIRED)]);
      const shape = shapeOf(rows);
      if (shape.missing.length > 0) throw new KratosShapeUnknown(shape);
      return new KratosSource(client, shape);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error instanceof KratosShapeUnknown ? error : KratosSourceUnreachable.because(error);
    }
  }

  async networks(): Promise<{ id: string; identities: number }[]> {
    return this.#rows(sql.NETWORKS, []);
  }

  async schemas(network: string): Promise<{ id: string; identities: number }[]> {
    return this.#rows(sql.SCHEMAS, [network]);
  }

  async counts(network: string): Promise<KratosCounts> {
    const [counts] = await this.#rows<KratosCounts>(sql.COUNTS, [network]);
    return counts!;
  }

  /** Yields identities ordered by id. */
  async *batches(network: string, size: number, withSessions: boolean): AsyncGenerator<KratosIdentity[]> {
    const query = sql.identitiesQuery(this.shape);
    for (let after = FIRST; ;) {
      const heads = await this.#rows<Head>(query, [network, after, size]);
      if (heads.length > 0) yield await this.#whole(network, heads, withSessions);
      if (heads.length < size) return;
      after = heads.at(-1)!.id;
    }
  }

  /** Yields identifiers of these types, and addresses, that normalization may change; a few thousand at a time. */
  async *oddSpellings(network: string, types: readonly string[]): AsyncGenerator<KratosSpelling[]> {
    await this.#rows(`DECLARE odd NO SCROLL CURSOR FOR ${sql.ODD_SPELLINGS}`, [network, types]);
    for (;;) {
      const rows = await this.#rows<KratosSpelling>(`FETCH ${CURSOR_ROWS} FROM odd`, []);
      if (rows.length > 0) yield rows;
      if (rows.length < CURSOR_ROWS) break;
    }
    await this.#rows('CLOSE odd', []);
  }

  /** All owners of exactly these values. */
  async sameSpellings(
    network: string,
    types: readonly string[],
    keys: readonly Pick<KratosSpelling, 'kind' | 'space' | 'value'>[],
  ): Promise<KratosSpelling[]> {
    const [kinds, spaces, values] = [keys.map((k) => k.kind), keys.map((k) => k.space), keys.map((k) => k.value)];
    return this.#rows(sql.SAME_SPELLINGS, [network, types, kinds, spaces, values]);
  }

  async close(): Promise<void> {
    await this.client.query('ROLLBACK').catch(() => undefined);
    await this.client.end().catch(() => undefined);
  }

  async #whole(network: string, heads: readonly Head[], withSessions: boolean): Promise<KratosIdentity[]> {
    const of = [network, heads.map(({ id }) => id)];
    const credentials = byIdentity(await this.#rows<KratosCredential>(sql.CREDENTIALS, of));
    const recovery = byIdentity(await this.#rows<KratosAddress>(sql.RECOVERY_ADDRESSES, of));
    const verifiable = byIdentity(await this.#rows<KratosVerifiableAddress>(sql.VERIFIABLE_ADDRESSES, of));
    const sessions = byIdentity(withSessions ? await this.#rows<KratosSession>(sql.SESSIONS, of) : []);
    return heads.map((head) => ({
      ...head,
      credentials: credentials.get(head.id) ?? [],
      recoveryAddresses: recovery.get(head.id) ?? [],
      verifiableAddresses: verifiable.get(head.id) ?? [],
      sessions: sessions.get(head.id) ?? [],
    }));
  }

  /** @throws KratosSourceLost */
  async #rows<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await this.client.query<Row>(text, values)).rows;
    } catch (error) {
      throw KratosSourceLost.because(error);
    }
  }
}

function byIdentity<Row extends { identityId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const grouped = new Map<string, Row[]>();
  for (const row of rows) {
    const list = grouped.get(row.identityId);
    if (list === undefined) grouped.set(row.identityId, [row]);
    else list.push(row);
  }
  return grouped;
}
