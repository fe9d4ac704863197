import { access, constants, readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, EmbeddedDatabaseError } from './errors.js';

/** The user that the server runs as where we are root, which PostgreSQL refuses. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

/** Preferred first: the distribution's own user, then the one that every system has. */
const CANDIDATES = ['postgres', 'nobody'];

const isRoot = (): boolean => process.getuid?.() === 0;

/** Users that a root process may hand the database to; empty for everybody else, who run it as themselves. */
export async function serverUsers(): Promise<ServerUser[]> {
  if (!isRoot()) return [];
  const users = parsePasswd(await readFile('/etc/passwd', 'utf8'));
  const found = CANDIDATES.flatMap((name) => users.filter((user) => user.name === name));
  if (found.length > 0) return found;
  throw new EmbeddedDatabaseError(
    `PostgreSQL refuses to run as root, and there is no user ${CANDIDATES.join(' or ')} to run it as.`,
    'Start Regain as an ordinary user, or give a postgres:// dsn.',
  );
}

function parsePasswd(text: string): ServerUser[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    const user = { name: name ?? '', uid: Number(uid), gid: Number(gid) };
    return user.name && uid && gid && user.uid > 0 && user.gid > 0 ? [user] : [];
  });
}

/** Whether `user` (undefined: ourselves) may enter `path` and every directory above it. Access lists are not seen. */
export async function canEnter(path: string, user: ServerUser | undefined): Promise<boolean> {
  let at = await realpath(path);
  for (;;) {
    if (!(await isAllowed(at, user, 1))) return false;
    if (dirname(at) === at) return true;
    at = dirname(at);
  }
}

/** Whether `user` may do what `bits` say (4 read, 2 write, 1 execute or enter) with `path` itself. */
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
