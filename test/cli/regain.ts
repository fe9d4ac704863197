import { execFile } from 'node:child_process';
import { main } from '../../src/cli/program.js';
import { withoutCopyLine } from '../support/embedded-postgres.js';
import { environment, PATIENCE, REGAIN, type Workplace } from '../support/server-process.js';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `regain` to its end, as a process. */
export function regain(
  args: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Promise<Ran> {
  return new Promise((done, fail) => {
    execFile(
      process.execPath,
      [REGAIN, ...args],
      { cwd, env: environment(env), timeout: PATIENCE },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') fail(error);
        else done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr: withoutCopyLine(stderr) });
      },
    );
  });
}

/**
 * Runs the command line in this process, with the environment a separate process would have. Saves the seconds that loading the
 * application takes. Can't show that a process exits, or that nothing else writes to its streams.
 */
export async function regainHere(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const io = {
    out: (line: string) => void stdout.push(`${line}\n`),
    err: (line: string) => void stderr.push(`${line}\n`),
  };
  const own = process.env;
  process.env = environment(env);
  try {
    const code = await main([process.execPath, REGAIN, ...args], io);
    return { code, stdout: stdout.join(''), stderr: withoutCopyLine(stderr.join('')) };
  } finally {
    process.env = own;
  }
}

const withFiles = (place: Workplace, args: readonly string[]): string[] => [
  ...args,
  ...place.files.flatMap((file) => ['-c', file]),
];

/** Runs a command with the configuration of the workplace. */
export const regainIn = (place: Workplace, ...args: string[]): Promise<Ran> =>
  regain(withFiles(place, args), { cwd: place.directory });

export const regainHereIn = (place: Workplace, ...args: string[]): Promise<Ran> => regainHere(withFiles(place, args));

/** The lines of a text. */
export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

export const PAT = /ory_pat_[0-9A-Za-z]{32}/;
/** Matches any usable secret. */
export const SECRET = /ory_pat_[0-9A-Za-z]{32}|ory_st_|token=[0-9A-Za-z]/;
/** Matches the output of a crash. */
export const STACK = /\n\s+at |node:internal|Unexpected/;
