import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { expect } from 'vitest';
import { migrate } from '../../../src/database/index.js';
import { newToken } from '../../support/cluster.js';
import { GENEROUS } from '../../support/generous-limits.js';
import { PATIENCE, type ServerProcess, startServerProcess, workplace } from '../../support/server-process.js';
import { temporaryDatabase } from '../../support/temporary-database.js';
import { until } from '../../support/until.js';
import { FaultyNetwork } from './faulty-network.js';
import { freezeDatabase } from './frozen-database.js';
import { type Ask, counts, longest, SteadyRequests } from './steady-requests.js';

/** Limits in milliseconds: each answer, the first good second afterwards, the end after SIGTERM. */
const LONGEST_ANSWER = 3_000;
const WORKS_AGAIN = 5_000;
const LONGEST_STOP = 25_000;
/** Connections that the server may open when the trouble begins, for requests, jobs and cancels; then less than one a second. */
const FIRST_ATTEMPTS = 20;
const POOL = 4;
const CLIENTS = 12;
/** Milliseconds for which requests wait for a locked table. */
const HELD = 100;

/**
 * `hole`: nothing passes. `half-open`: existing connections are dead, new ones work. `freeze`: the database is stopped.
 */
export type Trouble = 'hole' | 'half-open' | 'freeze';

/** A server process, its database, and the network between them. */
export class Troubled {
  readonly #person: Promise<string>;

  private constructor(
    readonly server: ServerProcess,
    readonly network: FaultyNetwork,
    private readonly database: Awaited<ReturnType<typeof temporaryDatabase>>,
    private readonly token: string,
  ) {
    this.#person = this.#newPerson();
  }

  static async start(): Promise<Troubled> {
    const database = await temporaryDatabase();
    await migrate(database.url);
    const network = await FaultyNetwork.before(database.url);
    const token = newToken();
    const config = {
      courier: { smtp: { connection_uri: 'smtp://127.0.0.1:1/?disable_starttls=true' } },
      regain: { rate_limits: GENEROUS, database: { pool: POOL } },
    };
    const place = await workplace({ dsn: network.url, config });
    const server = await startServerProcess(place, { env: { REGAIN_ACCESS_TOKEN: token } });
    return new Troubled(server, network, database, token);
  }

  async begin(trouble: Trouble): Promise<() => void> {
    if (trouble === 'freeze') return freezeDatabase(this.database.url);
    if (trouble === 'half-open') this.network.forget();
    else this.network.lose();
    return () => this.network.heal();
  }

  async asks(): Promise<Ask[]> {
    const { publicUrl, adminUrl } = this.server.place;
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ identity_id: await this.#person });
    const link = { url: `${adminUrl}/admin/recovery/link`, method: 'POST', headers, body };
    const flow = { url: `${publicUrl}/self-service/login/browser`, headers: { accept: 'text/html' } };
    const probes = [{ url: `${adminUrl}/health/ready` }, { url: `${publicUrl}/health/alive` }];
    return [...Array.from({ length: CLIENTS }, (_, client) => (client % 2 === 0 ? link : flow)), ...probes];
  }

  /**
   * Resolves once the pool has reached its largest size, as its server counts. A busy machine may need fewer connections, so this
   * briefly locks the tables that requests write to: then each request needs its own.
   */
  async poolIsFull(): Promise<void> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    const sql = "SELECT count(*)::int AS open FROM pg_stat_activity WHERE application_name = 'regain'";
    let open = 0;
    const look = async (): Promise<true | undefined> => {
      await client.query('BEGIN');
      await client.query('LOCK TABLE login_flow, recovery_flow IN EXCLUSIVE MODE');
      await setTimeout(HELD);
      ({ open } = (await client.query<{ open: number }>(sql)).rows[0]!);
      await client.query('ROLLBACK');
      return open === POOL ? true : undefined;
    };
    try {
      await until('the pool was at its full size', look).catch((error: unknown) => {
        throw new Error(`expected ${POOL} connections, found ${open}`, { cause: error });
      });
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await this.server.end('SIGKILL');
    await this.network.close();
    await this.database.stop();
    await this.server.place.clear();
  }

  async #newPerson(): Promise<string> {
    const body = JSON.stringify({ schema_id: 'person', traits: { email: 'ada@example.com' } });
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${this.server.place.adminUrl}/admin/identities`, { method: 'POST', headers, body });
    return ((await answer.json()) as { id: string }).id;
  }
}

const ALIVE = '/health/alive';

/**
 * Milliseconds of the slowest answer beyond the machine's own slowness: the longest that a probe without the database took at the
 * same time.
 */
function longestBeyond(answers: SteadyRequests['answers']): number {
  const probes = answers.filter(({ path }) => path === ALIVE);
  const beyond = answers.map((answer) => {
    const end = answer.began + answer.took;
    const meanwhile = probes.filter(({ began, took }) => began < end && began + took > answer.began);
    return answer.took - longest(meanwhile);
  });
  return Math.round(Math.max(0, ...beyond));
}

/** Causes trouble for some seconds, under constant load or with no other load; checks the figures and returns them. */
export async function getThrough(
  troubled: Troubled,
  trouble: Trouble,
  seconds: number,
  loaded = true,
): Promise<string> {
  const asks = await troubled.asks();
  const load = new SteadyRequests();
  if (loaded) load.start(asks, 20);
  await setTimeout(BEFORE);
  const end = await troubled.begin(trouble);
  const began = performance.now();
  const before = troubled.network.opened;
  await setTimeout(seconds * 1000);
  const opened = troubled.network.opened - before;
  end();
  const ended = performance.now();
  if (!loaded) load.start(asks, 20);
  await troubled.poolIsFull();
  const full = Math.round(performance.now() - ended);
  await setTimeout(Math.max(0, WORKS_AGAIN + 1_000 - full));
  await load.stop();
  const [during, after] = [load.between(began, ended), load.between(ended)];
  const refused = after.filter(({ status }) => status === 0 || status >= 500);
  const again = Math.round(Math.max(0, ...refused.map((answer) => answer.began + answer.took - ended)));
  const lag = longest(load.answers.filter(({ path }) => path === ALIVE));
  const beyond = longestBeyond(load.answers);
  const figures = `${trouble} ${seconds} s ${loaded ? 'loaded' : 'idle'}: longest answer ${longest(load.answers)} ms (${beyond} ms beyond the machine's own slowness; without the database ${lag} ms); during it ${counts(during) || 'nothing'} and ${opened} connections opened; afterwards ${counts(after)}; last refusal after ${again} ms, pool full after ${full} ms`;
  expect.soft(opened, figures).toBeLessThan(FIRST_ATTEMPTS + seconds);
  expect.soft(beyond, figures).toBeLessThan(LONGEST_ANSWER);
  expect.soft(Math.max(again, full), figures).toBeLessThan(WORKS_AGAIN + lag);
  expect
    .soft([...new Set(load.answers.map(({ status }) => status))].filter((status) => !EXPECTED.has(status)))
    .toEqual([]);
  if (loaded && trouble !== 'half-open') judgeProbes(load, began, ended);
  if (!loaded && trouble === 'half-open') expect.soft(refused, figures).toEqual([]);
  return figures;
}

/** Milliseconds: long enough for an idle connection to be probed before its next use. */
const BEFORE = 3_000;
const EXPECTED = new Set([200, 303, 503]);

/** Alive all the time; not ready from soon after the beginning, ready again at the end. */
function judgeProbes(load: SteadyRequests, began: number, ended: number): void {
  const of = (path: string, from: number, to?: number): Set<number> =>
    new Set(
      load
        .between(from, to)
        .filter((answer) => answer.path === path)
        .map(({ status }) => status),
    );
  expect.soft(of('/health/alive', 0)).toEqual(new Set([200]));
  expect.soft(of('/health/ready', began + 100, ended - 3_000)).toEqual(new Set([503]));
  expect.soft(of('/health/ready', ended + WORKS_AGAIN)).toEqual(new Set([200]));
}

/**
 * Sends SIGTERM during the trouble, with running requests and jobs; nothing may run afterwards. Resolves to the
 * figures.
 */
export async function stopWithin(troubled: Troubled, trouble: Trouble): Promise<string> {
  const load = new SteadyRequests();
  load.start(await troubled.asks(), 20);
  await setTimeout(BEFORE);
  const end = await troubled.begin(trouble);
  try {
    await setTimeout(1_500);
    const began = performance.now();
    troubled.server.kill('SIGTERM');
    const exit = await Promise.race([troubled.server.exited, setTimeout(PATIENCE, 'it did not end')]);
    const took = Math.round(performance.now() - began);
    const figures = `SIGTERM within a ${trouble}: ended after ${took} ms`;
    expect(exit, troubled.server.stderr).toEqual({ code: 0, signal: null });
    expect(took, figures).toBeLessThan(LONGEST_STOP);
    return figures;
  } finally {
    await load.stop();
    end();
  }
}
