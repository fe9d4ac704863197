import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import type { ServerUser } from './run-as.js';

/**
 * The entire environment of PostgreSQL's programs: no PG* variables, no secrets, not the caller's locale.
 * (On Windows, libuv adds the few variables that every program needs.)
 */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

interface Surrounding {
  user: ServerUser | undefined;
  /** a directory that the user can enter; ours may be closed to them */
  cwd: string;
  stdio: StdioOptions;
  /** its own process group, so that Ctrl-C in the terminal reaches only us */
  detached: boolean;
}

export function launch(binary: string, args: string[], { user, ...rest }: Surrounding): ChildProcess {
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  return spawn(binary, args, { ...rest, ...identity, env: ENVIRONMENT, windowsHide: true });
}

/** Runs a program to completion. `code` is null if it could not be started or a signal ended it. */
export function run(
  binary: string,
  args: string[],
  options: { user: ServerUser | undefined; cwd: string; detached?: boolean },
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = launch(binary, args, { detached: false, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    const output = (): string => Buffer.concat(chunks).toString('utf8');
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output: output() }));
  });
}

/**
 * The line that gives the cause: PostgreSQL's first FATAL or error line, because later ones follow from it; else the
 * last line.
 */
export function reasonIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => /\b(FATAL|PANIC|error):/.test(line));
  return (
    telling[0]?.replace(/^.*?(FATAL|PANIC): +/, '$1: ') ?? lines.filter((line) => line.length > 0).at(-1) ?? 'no output'
  );
}
