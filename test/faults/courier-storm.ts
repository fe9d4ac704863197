import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { emptyDatabase } from '../support/database.js';
import { MailServer } from '../support/mail-server.js';
import { storedMessages, writeMessages } from '../support/outbox.js';
import {
  launch,
  type ServerProcess,
  startServerProcess,
  workplace,
  type Workplace,
} from '../support/server-process.js';

export interface Storm {
  mails: number;
  /** number of servers that deliver in parallel */
  processes: number;
  /** milliseconds between two kill -9, each of a different server; absent: no kills */
  killEvery?: number;
  /** largest number of kills */
  kills?: number;
  seed?: number;
}

/**
 * Milliseconds without progress after which mail counts as stuck: longer than any lease or polling interval of the
 * queue.
 */
const STUCK = 120_000;
const WRITTEN_AT_ONCE = 500;

/** Servers on one database deliver mail to a real SMTP server, which counts it. They may be killed on the way. */
export class CourierStorm {
  readonly figures = {
    mails: 0,
    delivered: 0,
    missing: 0,
    duplicates: 0,
    otherMessageIds: 0,
    unsent: 0,
    secrets: 0,
    kills: 0,
    seconds: 0,
  };
  readonly seed: number;
  readonly #places: Workplace[] = [];
  readonly #processes: ServerProcess[] = [];

  private constructor(
    private readonly size: Storm,
    private readonly server: MailServer,
    private readonly database: { url: string; drop(): Promise<void> },
    private readonly pool: pg.Pool,
  ) {
    this.seed = size.seed ?? randomInt(2 ** 31);
  }

  static async run(size: Storm): Promise<CourierStorm> {
    const server = await MailServer.start();
    const database = await emptyDatabase();
    const pool = new pg.Pool({ connectionString: database.url, max: 4 });
    pool.on('error', () => undefined);
    const storm = new CourierStorm(size, server, database, pool);
    try {
      await storm.#all();
      return storm;
    } finally {
      await storm.#stop();
    }
  }

  get text(): string {
    return `seed ${this.seed}: ${JSON.stringify(this.figures)}`;
  }

  async #all(): Promise<void> {
    for (let i = 0; i < this.size.processes; i++) this.#processes.push(await this.#start());
    const recipients = Array.from({ length: this.size.mails }, (_, i) => `person.${i}@example.com`);
    const began = performance.now();
    const killing = this.#kill();
    const messages = [];
    for (let at = 0; at < recipients.length; at += WRITTEN_AT_ONCE)
      messages.push(...(await writeMessages(this.#sql, recipients.slice(at, at + WRITTEN_AT_ONCE))));
    await this.#untilStill();
    await killing;
    this.figures.seconds = Math.round((performance.now() - began) / 100) / 10;
    const got = new Map<string, string[]>();
    for (const { to, messageId } of this.server.mails) got.set(to[0]!, [...(got.get(to[0]!) ?? []), messageId]);
    for (const { recipient, id } of messages) {
      const ids = got.get(recipient) ?? [];
      if (ids.length === 0) this.figures.missing++;
      this.figures.duplicates += Math.max(0, ids.length - 1);
      if (ids.some((each) => !each.startsWith(`<${id}@`))) this.figures.otherMessageIds++;
    }
    const rows = await storedMessages(this.#sql);
    this.figures.mails = messages.length;
    this.figures.delivered = got.size;
    this.figures.unsent = rows.filter(({ status }) => status !== 'sent').length;
    this.figures.secrets = rows.filter(({ has_secret }) => has_secret).length;
  }

  readonly #sql = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await this.pool.query<Row>(text, values)).rows;

  async #start(): Promise<ServerProcess> {
    const place = await workplace({
      dsn: this.database.url,
      config: {
        courier: { smtp: { connection_uri: this.server.uri } },
        regain: { courier: { send_timeout: '5s' } },
        log: { level: 'warning' },
      },
    });
    this.#places.push(place);
    return startServerProcess(place);
  }

  /** Kills the servers in turn; each is replaced at once. */
  async #kill(): Promise<void> {
    const { killEvery, kills = 0 } = this.size;
    for (let next = 0; killEvery !== undefined && next < kills; next++) {
      await setTimeout(killEvery);
      const index = (next + this.seed) % this.#processes.length;
      const process = this.#processes[index]!;
      await process.end('SIGKILL');
      this.figures.kills++;
      this.#processes[index] = launch(process.place);
    }
  }

  /** Resolves when every message is sent, or when nothing has moved for `STUCK` milliseconds. */
  async #untilStill(): Promise<void> {
    let last = { sent: -1, at: performance.now() };
    for (;;) {
      const rows = await this.#sql<{ sent: number; left: number }>(
        `SELECT count(*) FILTER (WHERE status = 'sent')::int AS sent, count(*) FILTER (WHERE status <> 'sent')::int AS left FROM courier_message`,
      );
      const { sent, left } = rows[0]!;
      if (left === 0) return;
      if (sent > last.sent) last = { sent, at: performance.now() };
      if (performance.now() - last.at > STUCK) return;
      await setTimeout(250);
    }
  }

  async #stop(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.end('SIGTERM')));
    await Promise.all(this.#places.map((place) => place.clear()));
    await this.pool.end();
    await this.server.stop();
    await this.database.drop();
  }
}
