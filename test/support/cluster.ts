import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { freshDatabase } from './database.js';
import { GENEROUS } from './generous-limits.js';
import { freePort, type ServerProcess, startServerProcess, workplace, type Workplace } from './server-process.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A personal access token in the format of REGAIN_ACCESS_TOKEN. */
export const newToken = (): string => `ory_pat_${[...randomBytes(32)].map((byte) => ALPHABET[byte % 62]).join('')}`;

/**
 * One of several server processes on one database. They share secrets, access token and public URL, as behind a load
 * balancer.
 */
export class Node {
  constructor(
    readonly process: ServerProcess,
    private readonly token: string,
  ) {}

  /** The same path and query on this node. */
  at(address: string): string {
    const { pathname, search } = new URL(address);
    return `${this.process.place.publicUrl}${pathname}${search}`;
  }

  /** Creates an identity and resolves to its id. */
  async newPerson(): Promise<string> {
    const traits = { email: `person.${randomBytes(6).toString('hex')}@example.com` };
    const made = await this.admin('POST', '/admin/identities', 201, { schema_id: 'person', traits });
    return (made as { id: string }).id;
  }

  async newLink(identityId: string): Promise<string> {
    const body = { identity_id: identityId, expires_in: '24h' };
    const issued = await this.admin('POST', '/admin/recovery/link', 200, body);
    return (issued as { recovery_link: string }).recovery_link;
  }

  /**
   * Resolves to the body; undefined if there is none. Rejects with Unexpected for another status, and with fetch's
   * error if no answer came.
   */
  async admin(method: string, path: string, expected: number, body?: object): Promise<unknown> {
    const headers = {
      authorization: `Bearer ${this.token}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${this.process.place.adminUrl}${path}`, { method, headers, ...sent });
    const text = await answer.text();
    if (answer.status !== expected) throw new Unexpected(`${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

export class Unexpected extends Error {}

/** An empty database and the processes that a test starts on it. */
export class Cluster {
  readonly token = newToken();
  readonly #places: Workplace[] = [];
  readonly #processes: ServerProcess[] = [];
  readonly #pool: pg.Pool;

  private constructor(
    private readonly database: { url: string; drop(): Promise<void> },
    private readonly publicPort: number,
    private readonly parity: boolean,
    private readonly config: { regain?: object },
  ) {
    this.#pool = new pg.Pool({ connectionString: database.url, max: 2 });
    this.#pool.on('error', () => undefined);
  }

  /** @param config for every process, merged over the minimal configuration */
  static async make({ parity, config = {} }: { parity: boolean; config?: { regain?: object } }): Promise<Cluster> {
    return new Cluster(await freshDatabase(), await freePort(), parity, config);
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  /**
   * Starts another process.
   * @param dsn another route to the same database
   */
  async start(dsn = this.database.url): Promise<Node> {
    const config = {
      ...this.config,
      serve: { public: { base_url: `http://127.0.0.1:${this.publicPort}` } },
      regain: { rate_limits: GENEROUS, ...this.config.regain },
    };
    const place = await workplace({ dsn, parity: this.parity, config });
    this.#places.push(place);
    const server = await startServerProcess(place, { env: { REGAIN_ACCESS_TOKEN: this.token } });
    this.#processes.push(server);
    return new Node(server, this.token);
  }

  async sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#pool.query<Row>(text, values)).rows;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((server) => server.end('SIGKILL')));
    await Promise.all(this.#places.map((place) => place.clear()));
    await this.#pool.end();
    await dropPatiently(this.database.drop);
  }
}

/** An autovacuum worker may be in the database. It belongs to the superuser, and then DROP … FORCE is refused. */
async function dropPatiently(drop: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await drop();
    } catch (error) {
      if ((error as { code?: string }).code !== '42501' || tries === 100) throw error;
      await setTimeout(200);
    }
  }
}
