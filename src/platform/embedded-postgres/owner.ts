import { execFile } from 'node:child_process';
import { link, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { codeOf } from '../errors/index.js';

export type Role = 'owner' | 'command' | 'temporary';

/** `owner.json`: the process that started or adopted the server and will stop it. */
export interface Owner {
  pid: number;
  /** when that process started, RFC 3339 */
  started_at: string;
  role: Role;
  /** tells this process from a later one with the same pid; '' if the system does not say */
  incarnation: string;
  /** distinguishes one claim from the next */
  claim: string;
}

const fileIn = (directory: string): string => join(directory, 'owner.json');

/** Claims the directory, or returns the living process that holds it. Of several simultaneous claims, one succeeds. */
export async function claim(directory: string, role: Role): Promise<{ mine: Owner } | { other: Owner }> {
  const mine: Owner = {
    pid: process.pid,
    started_at: new Date(performance.timeOrigin).toISOString(),
    role,
    incarnation: await incarnationOf(process.pid),
    claim: randomBytes(8).toString('hex'),
  };
  const scratch = `${fileIn(directory)}.${mine.claim}`;
  try {
    await writeFile(scratch, `${JSON.stringify(mine)}\n`, { mode: 0o600, flag: 'wx' });
    for (;;) {
      try {
        await link(scratch, fileIn(directory)); // atomic: the whole file or none
        return { mine };
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      const other = await readOwner(directory);
      if (other && (await isAlive(other))) return { other };
      await removeDead(directory, other?.claim);
    }
  } finally {
    await rm(scratch, { force: true });
  }
}

export async function release(directory: string, mine: Owner): Promise<void> {
  if ((await readOwner(directory))?.claim === mine.claim) await unlink(fileIn(directory));
}

export async function liveOwner(directory: string): Promise<Owner | undefined> {
  const owner = await readOwner(directory);
  return owner && (await isAlive(owner)) ? owner : undefined;
}

export async function readOwner(directory: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(fileIn(directory), 'utf8')) as Owner;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Moves the file away first, and puts it back if it turns out to be a newer claim. */
async function removeDead(directory: string, dead: string | undefined): Promise<void> {
  const aside = `${fileIn(directory)}.${randomBytes(8).toString('hex')}`;
  try {
    await rename(fileIn(directory), aside);
    const moved = parseClaim(await readFile(aside, 'utf8'));
    if (moved !== dead) await link(aside, fileIn(directory));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error; // another process was quicker
  } finally {
    await rm(aside, { force: true });
  }
}

function parseClaim(text: string): string | undefined {
  try {
    return (JSON.parse(text) as Partial<Owner>).claim;
  } catch {
    return undefined;
  }
}

async function isAlive(owner: Owner): Promise<boolean> {
  if (!processExists(owner.pid)) return false;
  const now = await incarnationOf(owner.pid);
  return owner.incarnation === '' || now === '' || owner.incarnation === now; // in doubt, treat it as alive
}

/** Signal 0 is not delivered; it only tests whether the process exists. */
export function processExists(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

async function incarnationOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    try {
      const [boot, stat] = await Promise.all([
        readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
        readFile(`/proc/${pid}/stat`, 'utf8'),
      ]);
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return `${boot.trim()}/${fields[19]}`; // field 22 of proc(5): start time
    } catch {
      return '';
    }
  }
  return processField(pid, 'lstart');
}

/** The name of a process's program; '' if it cannot be found out. */
export async function programOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return processField(pid, 'comm');
  try {
    return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
  } catch {
    return '';
  }
}

async function processField(pid: number, field: 'lstart' | 'comm'): Promise<string> {
  if (process.platform === 'win32') return '';
  try {
    return (await promisify(execFile)('/bin/ps', ['-o', `${field}=`, '-p', String(pid)])).stdout.trim();
  } catch {
    return '';
  }
}
