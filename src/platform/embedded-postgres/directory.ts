import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../errors/index.js';
import { EmbeddedDatabaseError } from './errors.js';
import { canEnter, type ServerUser } from './run-as.js';

/** Where data may go when the server's user cannot reach the configured directory. */
export const DATA_PLACES = ['/var/lib/regain', '/var/tmp'];

const POSIX = process.platform !== 'win32';

/** Creates `directory` (0700), or checks that nobody else can read the existing one. True if it was created. */
export async function preparePrivateDirectory(directory: string, users: ServerUser[]): Promise<boolean> {
  await mkdir(dirname(directory), { recursive: true });
  try {
    await mkdir(directory, { mode: 0o700 });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const found = await stat(directory);
  if (!found.isDirectory()) {
    throw new EmbeddedDatabaseError(
      `${directory} is not a directory.`,
      'Move it away, or choose another directory with regain.embedded.data_dir.',
    );
  }
  if (!POSIX) return false;
  const accepted = [process.getuid?.(), ...users.map(({ uid }) => uid)];
  if (!accepted.includes(found.uid)) {
    throw new EmbeddedDatabaseError(
      `${directory} belongs to another user (uid ${found.uid}).`,
      `Start Regain as that user, or take over the directory: chown -R ${process.getuid?.()} '${directory}'`,
    );
  }
  refuseWiderMode(directory, found.mode, '700');
  return false;
}

function refuseWiderMode(path: string, mode: number, wanted: '600' | '700'): void {
  if (!POSIX || (mode & 0o77) === 0) return;
  throw new EmbeddedDatabaseError(
    `${path} is open to other users (mode ${(mode & 0o777).toString(8)}).`,
    `Close it: chmod ${wanted} '${path}'`,
  );
}

/** The text of a file that only we can read; undefined if it does not exist. */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  try {
    refuseWiderMode(path, (await stat(path)).mode, '600');
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the whole file; never writes through a planted link. */
export async function writePrivateFile(path: string, text: string, user?: ServerUser): Promise<void> {
  const scratch = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    await writeFile(scratch, text, { mode: 0o600, flag: 'wx' });
    if (user) await chown(scratch, user.uid, user.gid);
    await rename(scratch, path);
  } finally {
    await rm(scratch, { force: true });
  }
}

/**
 * The directory that the server works in: `directory` itself, which root hands over to the server's user, or a new one
 * elsewhere if that user cannot reach it.
 */
export async function chooseHome(
  directory: string,
  user: ServerUser | undefined,
  log: (line: string) => void,
  places = DATA_PLACES,
): Promise<string> {
  if (!user) return directory;
  if (await canEnter(dirname(directory), user)) {
    await chown(directory, user.uid, user.gid);
    return directory;
  }
  for (const place of places) {
    const home = await makeFor(user, place);
    if (!home) continue;
    log(`PostgreSQL runs as user ${user.name}, who cannot reach ${directory}; its data is in ${home}`);
    return home;
  }
  throw new EmbeddedDatabaseError(
    `PostgreSQL must run as user ${user.name} (it refuses root), who can reach neither ${directory} nor ${places.join(', ')}.`,
    'Set regain.embedded.data_dir to a directory that this user can enter, or set a postgres:// dsn.',
  );
}

/** Creates a private directory in `place` for the server's user; undefined if that fails. */
export async function makeFor(user: ServerUser | undefined, place: string): Promise<string | undefined> {
  try {
    await mkdir(place, { recursive: true, mode: 0o755 });
    if (!(await canEnter(place, user))) return undefined;
    const made = await mkdtemp(join(place, 'regain-'));
    if (user) await chown(made, user.uid, user.gid);
    return made;
  } catch (error) {
    if (codeOf(error)) return undefined;
    throw error;
  }
}
