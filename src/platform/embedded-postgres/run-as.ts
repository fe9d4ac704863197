import { access, constants, readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../errors/index.js';
import { EmbeddedDatabaseError } from './errors.js';

/** The user that runs the server when we are root; PostgreSQL refuses to run as root. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

/** In order of preference: the distribution's own user, then one that every system has. */
const CANDIDATES = ['postgres', 'nobody'];

const isRoot = (): boolean => process.getuid?.() === 0;

/** Users that a root process may hand the database to. Empty for any other process, which runs it as itself. */
export async function serverUsers(): Promise<ServerUser[]> {
  if (!isRoot()) return [];
  const users = parsePasswd(await readFile('/etc/passwd', 'utf8'));
  const found = CANDIDATES.flatMap((name) => users.filter((user) => user.name === name));
  if (found.length > 0) return found;
  throw new EmbeddedDatabaseError(
    `PostgreSQL refuses to run as root, and no user ${CANDIDATES.join(' or ')} exists to run it as.`,
    'Start Regain as an ordinary user, or set a postgres:// dsn.',
  );
}

function parsePasswd(text: string): ServerUser[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    const user = { name: name ?? '', uid: Number(uid), gid: Number(gid) };
    return user.name && uid && gid && user.uid > 0 && user.gid > 0 ? [user] : [];
  });
}

/**
 * Whether `user` (undefined: ourselves) can enter `path` and every directory above it. Ignores access control lists.
 */
export async function canEnter(path: string, user: ServerUser | undefined): Promise<boolean> {
  let at = await realpath(path);
  for (;;) {
    if (!(await isAllowed(at, user, 1))) return false;
    if (dirname(at) === at) return true;
    at = dirname(at);
  }
}

/** Whether `user` has the permissions in `bits` (4 read, 2 write, 1 execute or enter) on `path` itself. */
export async function isAllowed(path: string, user: ServerUser | undefined, bits: number): Promise<boolean> {
  if (!user) return succeeds(access(path, bits & (constants.R_OK | constants.W_OK | constants.X_OK)));
  const { mode, uid, gid } = await stat(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
}

async function succeeds(check: Promise<void>): Promise<boolean> {
  try {
    await check;
    return true;
  } catch (error) {
    if (codeOf(error)) return false;
    throw error;
  }
}
