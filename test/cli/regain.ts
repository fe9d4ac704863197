import { execFile } from 'node:child_process';
import { environment, PATIENCE, REGAIN, type Workplace } from '../support/server-process.js';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `regain` to its end. */
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
        else done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
  });
}

/** A command with the configuration of that place. */
export const regainIn = (place: Workplace, ...args: string[]): Promise<Ran> =>
  regain([...args, ...place.files.flatMap((file) => ['-c', file])], { cwd: place.directory });

/** The lines of a text. */
export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

export const PAT = /ory_pat_[0-9A-Za-z]{32}/;
/** What lets anybody in. */
export const SECRET = /ory_pat_[0-9A-Za-z]{32}|ory_st_|token=[0-9A-Za-z]/;
/** What a crash prints. */
export const STACK = /\n\s+at |node:internal|Unexpected/;
