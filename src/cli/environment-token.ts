import { readFileSync } from 'node:fs';
import type { Environment } from '../config/index.js';
import { BadRequest } from '../platform/errors/index.js';

/** Reads `REGAIN_ACCESS_TOKEN` or `…_FILE`, and `REGAIN_ACCESS_TOKEN_SCOPES` (separated by commas or spaces; default: all). */
export function environmentToken(env: Environment): { value: string | undefined; scopes: string[] } {
  const scopes = (env['REGAIN_ACCESS_TOKEN_SCOPES'] ?? '').split(/[\s,]+/).filter((scope) => scope !== '');
  const file = env['REGAIN_ACCESS_TOKEN_FILE'];
  const value = env['REGAIN_ACCESS_TOKEN'] || (file ? readToken(file) : undefined);
  return { value, scopes: scopes.length > 0 ? scopes : ['*'] };
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new BadRequest("Can't read the file named by REGAIN_ACCESS_TOKEN_FILE.");
  }
}
