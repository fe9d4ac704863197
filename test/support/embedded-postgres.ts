import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type EmbeddedDatabase, EmbeddedDatabaseError } from '../../src/platform/embedded-postgres/index.js';
import { locateBinaries } from '../../src/platform/embedded-postgres/binaries.js';
import { MACHINE, startEmbedded, type Machine } from '../../src/platform/embedded-postgres/supervisor.js';
import type { Role } from '../../src/platform/embedded-postgres/owner.js';

/**
 * The line that root gets if the checkout is below a closed home directory: PostgreSQL runs from a copy. It depends on
 * where the tests run, not on what they check.
 */
const isCopyLine = (line: string): boolean =>
  line.startsWith('PostgreSQL runs as user ') &&
  line.includes(`, who cannot reach ${locateBinaries().root}; using a copy in `);

export const withoutCopyLine = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !isCopyLine(line))
    .join('\n');

/**
 * A place for one test's databases. Ends and removes everything that the test has started there. Does not wait for the
 * disk by default.
 */
export class Bench {
  readonly lines: string[] = [];
  private readonly databases: EmbeddedDatabase[] = [];
  private readonly children: ChildProcess[] = [];

  private constructor(readonly place: string) {}

  static async make(): Promise<Bench> {
    const place = await mkdtemp(join(tmpdir(), 'regain-test-'));
    await chmod(place, 0o711); // as root, PostgreSQL's user must be able to enter
    return new Bench(place);
  }

  get directory(): string {
    return join(this.place, 'data');
  }

  async start(role: Role, machine: Partial<Machine> = {}, directory = this.directory): Promise<EmbeddedDatabase> {
    const log = (line: string): void => void (isCopyLine(line) || this.lines.push(line));
    const database = await startEmbedded({ directory, role, log }, { ...MACHINE, durable: false, ...machine });
    this.databases.push(database);
    return database;
  }

  /** The error that the start must end with. */
  async refused(role: Role, machine: Partial<Machine> = {}, directory?: string): Promise<EmbeddedDatabaseError> {
    try {
      await this.start(role, machine, directory);
    } catch (error) {
      if (error instanceof EmbeddedDatabaseError) return error;
      throw error;
    }
    throw new Error('the start was not refused');
  }

  /** The same in another process; `kill` is kill -9. */
  async startElsewhere(
    role: Role,
  ): Promise<{ url: string; directory: string; kill(): Promise<void>; end(): Promise<void> }> {
    const [hooks, script] = ['typescript-hooks.mjs', 'embedded-postgres-process.ts'].map((name) =>
      fileURLToPath(new URL(name, import.meta.url)),
    );
    const child = spawn(process.execPath, ['--import', hooks!, script!, role, this.directory], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.children.push(child);
    const exited = once(child, 'exit');
    const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), exited])) as [unknown];
    if (typeof line !== 'string') throw new Error(`the process ended with ${String(line)}`);
    const { url, directory } = JSON.parse(line) as { url: string; directory: string };
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL');
      await exited;
    };
    const end = async (): Promise<void> => {
      child.stdin.end();
      await exited;
    };
    return { url, directory, kill, end };
  }

  async clear(): Promise<void> {
    for (const database of this.databases.reverse()) await database.stop();
    for (const child of this.children) child.kill('SIGKILL');
    await rm(this.place, { recursive: true, force: true });
  }
}

export async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Whether a server answers at `url`. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await query(url, 'SELECT 1')).length === 1;
  } catch {
    return false;
  }
}

/** The first line of postmaster.pid. */
export async function postmasterOf(home: string): Promise<number> {
  return Number((await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);
}
