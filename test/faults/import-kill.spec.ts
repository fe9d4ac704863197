import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import bcrypt from 'bcrypt';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../support/database.js';
import { KratosDatabase } from '../support/kratos-database.js';
import { environment, PATIENCE, REGAIN, workplace, type Workplace } from '../support/server-process.js';

const PEOPLE = 6_000;

let database: Awaited<ReturnType<typeof freshDatabase>>;
let place: Workplace;
let kratos: KratosDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await freshDatabase();
  place = await workplace({ dsn: database.url });
  kratos = await KratosDatabase.make();
  await kratos.addMany(PEOPLE, bcrypt.hashSync('correct horse', 8));
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
});
afterAll(async () => {
  await pool?.end();
  await kratos?.drop();
  await place?.clear();
  await database?.drop();
});

const ARGS = ['import', 'kratos', '--from-env', 'KRATOS_DSN', '--format', 'json', '-c'];
const options = () => ({ cwd: place.directory, env: environment({ KRATOS_DSN: kratos.url }) });
const count = async (sql: string): Promise<number> =>
  (await pool.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${sql}`)).rows[0]!.count;

/** Kills the command (-9) once it has written `identities`. */
async function killedAt(identities: number): Promise<void> {
  const child = spawn(process.execPath, [REGAIN, ...ARGS, ...place.files], { ...options(), stdio: 'ignore' });
  const ended = once(child, 'exit');
  while ((await count('identity')) < identities && child.exitCode === null) await setTimeout(5);
  child.kill('SIGKILL');
  await ended;
}

test(
  'killed twice midway and run again, the import has everyone once and complete',
  async () => {
    await killedAt(500);
    const first = await count('identity');
    await killedAt(first + 500);
    const second = await count('identity');
    expect([first >= 500 && first < PEOPLE, second > first && second < PEOPLE]).toEqual([true, true]);
    for (const table of ['identity_credential', 'credential_identifier', 'recovery_address', 'verifiable_address'])
      expect(await count(table), table).toBe(second);

    const { stdout } = await promisify(execFile)(process.execPath, [REGAIN, ...ARGS, ...place.files], options());
    expect(JSON.parse(stdout)).toMatchObject({
      result: 'done',
      exit_code: 0,
      written: { identities: PEOPLE - second },
      verification: { compared: PEOPLE, equal: PEOPLE, missing: [], different: [] },
    });
    expect(await count('identity')).toBe(PEOPLE);
    expect(await count(`kratos_import WHERE state = 'broken'`)).toBe(2);
    expect(await count(`kratos_import WHERE state = 'ended'`)).toBe(1);
    const trail = await pool.query<{ action: string; actor: string; written: number }>(
      `SELECT action, actor_type AS actor, substring(reason from '^[0-9]+')::integer AS written
       FROM audit_event WHERE target_type = 'kratos_import' ORDER BY at`,
    );
    const begun = { action: 'kratos_import.begun', actor: 'operator', written: null };
    const killed = { action: 'kratos_import.failed', actor: 'system' };
    expect(trail.rows).toEqual([
      begun,
      { ...killed, written: first },
      begun,
      { ...killed, written: second - first },
      begun,
      { action: 'identities.imported_from_kratos', actor: 'operator', written: PEOPLE - second },
    ]);
  },
  4 * PATIENCE,
);
