import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';

/**
 * Stops (SIGSTOP) a PostgreSQL of this test with all its processes: it keeps every connection, accepts new ones, and
 * answers none. Resolves to a function that lets it continue.
 */
export async function freezeDatabase(url: string): Promise<() => void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const parents = await parentsOfAll();
  const postmaster = parents.get(rows[0]!.pid)!;
  await client.end();
  const family = [postmaster, ...[...(await parentsOfAll())].filter(([, p]) => p === postmaster).map(([pid]) => pid)];
  send(family, 'SIGSTOP');
  return () => send(family, 'SIGCONT');
}

/** A process that has ended in the meantime needs no signal. */
function send(family: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of family) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

async function parentsOfAll(): Promise<Map<number, number>> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  return new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]),
  );
}
