import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { stringify } from 'yaml';

export const REGAIN = resolve('bin/regain.js');
const PARITY = resolve('config/kratos-parity.yml');
/** For databases that only tests use; long enough for every rule. */
export const SECRET = 'a-secret-of-the-tests-only-0001';
/** Milliseconds to wait for anything that must happen: a busy machine is slow, not wrong. */
export const PATIENCE = 60_000;

/** A folder with a configuration, free ports and, if the dsn is `embedded`, the data. */
export interface Workplace {
  readonly directory: string;
  /** for -c; later ones win */
  readonly files: string[];
  readonly ports: { public: number; admin: number };
  readonly publicUrl: string;
  readonly adminUrl: string;
  /** where `embedded` keeps its data */
  readonly data: string;
  /** ends an embedded server that survived a kill, and deletes the folder */
  clear(): Promise<void>;
}

export interface WorkplaceOptions {
  /** default: `embedded`, in the folder */
  dsn?: string;
  /** merged over the minimal configuration, like a second -c file */
  config?: object;
  parity?: boolean;
}

export async function workplace({
  dsn = 'embedded',
  config,
  parity = false,
}: WorkplaceOptions = {}): Promise<Workplace> {
  const directory = await mkdtemp(join(tmpdir(), 'regain-process-'));
  await chmod(directory, 0o711); // as root, PostgreSQL's user must be able to enter
  const ports = { public: await freePort(), admin: await freePort() };
  const [publicUrl, adminUrl] = [`http://127.0.0.1:${ports.public}`, `http://127.0.0.1:${ports.admin}`];
  const data = join(directory, 'data');
  const least = {
    dsn,
    serve: {
      public: { host: '127.0.0.1', port: ports.public, base_url: publicUrl },
      admin: { host: '127.0.0.1', port: ports.admin, base_url: adminUrl },
    },
    ...(dsn.startsWith('postgres') ? { secrets: { default: [SECRET] } } : {}),
    hashers: { algorithm: 'bcrypt', bcrypt: { cost: 8 } },
    identity: {
      default_schema_id: 'person',
      schemas: [{ id: 'person', url: `file://${resolve('config/identity.schema.json')}` }],
    },
    selfservice: {
      methods: {
        password: { enabled: true, config: { haveibeenpwned_enabled: false } },
        link: { enabled: true },
        code: { enabled: false },
      },
      flows: { recovery: { enabled: true, use: 'link' } },
    },
    regain: { embedded: { data_dir: data } },
  };
  const files = await Promise.all(
    [least, ...(config ? [config] : [])].map(async (tree, index) => {
      const file = join(directory, `${index}.yml`);
      await writeFile(file, stringify(tree));
      return file;
    }),
  );
  if (parity) files.push(PARITY);
  const clear = async (): Promise<void> => {
    await endPostgres(data);
    await rm(directory, { recursive: true, force: true });
  };
  return { directory, files, ports, publicUrl, adminUrl, data, clear };
}

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process group that runs `regain`. */
export class ServerProcess {
  stdout = '';
  stderr = '';
  readonly exited: Promise<Exit>;
  #exit: Exit | undefined;

  constructor(
    readonly place: Workplace,
    readonly child: ChildProcess,
  ) {
    alive.add(this);
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exited = once(child, 'close').then(([code, signal]) => {
      alive.delete(this);
      return (this.#exit = { code: code as number | null, signal: signal as NodeJS.Signals | null });
    });
  }

  get hasEnded(): boolean {
    return this.#exit !== undefined;
  }

  /** Signals the whole group, as a terminal does. */
  kill(signal: NodeJS.Signals): void {
    if (this.hasEnded || this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Sends the signal and waits for the end. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    this.kill(signal);
    const slow = new AbortController();
    const late = setTimeout(PATIENCE, undefined, { signal: slow.signal }).then(
      () => this.kill('SIGKILL'),
      () => undefined,
    );
    const exit = await this.exited;
    slow.abort();
    await late;
    return exit;
  }

  /** Resolves once `holds` is true. Rejects if the process ends first, or after `PATIENCE`. */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const limit = performance.now() + PATIENCE;
    while (!(await holds())) {
      if (this.hasEnded)
        throw new Error(`it ended with ${this.#exit?.code ?? this.#exit?.signal} before ${what}: ${this.stderr}`);
      if (performance.now() > limit) throw new Error(`waited in vain: ${what}. It said: ${this.stderr}`);
      await setTimeout(25);
    }
  }

  untilReady(): Promise<void> {
    return this.until('it was ready', async () => (await statusOf(`${this.place.adminUrl}/health/ready`)) === 200);
  }

  untilPrinted(text: string | RegExp): Promise<void> {
    return this.until(`it printed ${text}`, () => this.stdout.search(text) >= 0);
  }
}

export interface StartOptions {
  command?: string[];
  env?: Record<string, string>;
  /** as npm does: a shell runs the server in the same group and ends with its exit code */
  shell?: boolean;
}

/** Starts the built server in its own process group without waiting. */
export function launch(
  place: Workplace,
  { command = ['serve'], env = {}, shell = false }: StartOptions = {},
): ServerProcess {
  const args = [REGAIN, ...command, ...place.files.flatMap((file) => ['-c', file])];
  const [program, given] = shell
    ? ['/bin/sh', ['-c', 'trap : INT TERM; "$@"; exit $?', 'sh', process.execPath, ...args]]
    : [process.execPath, args];
  return new ServerProcess(
    place,
    spawn(program, given, {
      detached: true,
      cwd: place.directory,
      env: environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/** The same, and waits until it is ready. */
export async function startServerProcess(place: Workplace, options: StartOptions = {}): Promise<ServerProcess> {
  const server = launch(place, options);
  try {
    await server.untilReady();
    return server;
  } catch (error) {
    await server.end('SIGKILL');
    throw error;
  }
}

/** A server gets nothing from the tests' environment but what is needed to find and run programs. */
export function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...more };
}

/** The status of an answer; 0 if there is none. */
export async function statusOf(url: string): Promise<number> {
  try {
    const answer = await fetch(url, { headers: { connection: 'close' } });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return 0;
  }
}

/** Outside the range of ephemeral ports, so that no outgoing connection can take it in the meantime. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 30_000);
    const probe = createServer();
    const isFree = await new Promise<boolean>((done) => {
      probe.once('error', () => done(false));
      probe.listen(port, '127.0.0.1', () => done(true));
    });
    if (!isFree) continue;
    await new Promise((done) => probe.close(done));
    return port;
  }
}

/** Whether an embedded server runs on this data. */
export async function postgresRuns(data: string): Promise<boolean> {
  return (await postmasterOf(data)) !== undefined;
}

async function postmasterOf(data: string): Promise<number | undefined> {
  const text = await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
}

async function endPostgres(data: string): Promise<void> {
  const pid = await postmasterOf(data);
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGQUIT');
    const limit = performance.now() + PATIENCE;
    while (performance.now() < limit) {
      process.kill(pid, 0);
      await setTimeout(25);
    }
  } catch {
    // it has ended
  }
}

const alive = new Set<ServerProcess>();
process.on('exit', () => {
  for (const server of alive) server.kill('SIGKILL');
});
