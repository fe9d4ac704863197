import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../support/server-process.js';
import { until } from '../../support/until.js';

export const PGBOUNCER = '/usr/sbin/pgbouncer';

/** A PgBouncer in transaction mode in front of a PostgreSQL on a socket; runs as that server's owner. */
export class Pooler {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly directory: string,
  ) {}

  /** @param settings additional lines of pgbouncer.ini */
  static async start(url: string, settings: Record<string, string>): Promise<Pooler> {
    const { username, password, pathname, hostname, port } = new URL(url);
    const host = decodeURIComponent(hostname);
    const { uid, gid } = await stat(host);
    const directory = await mkdtemp('/var/tmp/regain-pgbouncer-');
    const listen = await freePort();
    const name = pathname.slice(1);
    const ini = join(directory, 'pgbouncer.ini');
    const lines = {
      listen_addr: '127.0.0.1',
      listen_port: listen,
      unix_socket_dir: '',
      pool_mode: 'transaction',
      auth_type: 'any',
      default_pool_size: 4,
      logfile: join(directory, 'log'),
      ...settings,
    };
    const database = `${name} = host=${host} port=${port || 5432} dbname=${name} user=${username} password=${password}`;
    const text = Object.entries(lines).map(([key, value]) => `${key} = ${value}`);
    await writeFile(ini, ['[databases]', database, '[pgbouncer]', ...text, ''].join('\n'), { mode: 0o600 });
    await Promise.all([directory, ini].map((path) => chown(path, uid, gid)));
    const identity = process.getuid?.() === 0 ? { uid, gid } : {};
    const child = spawn(PGBOUNCER, ['-q', ini], { cwd: directory, stdio: 'ignore', ...identity });
    const through = `postgres://${username}@127.0.0.1:${listen}/${name}`;
    const pooler = new Pooler(through, child, directory);
    await until('PgBouncer answers', () => answers(through));
    return pooler;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function answers(url: string): Promise<true | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}
