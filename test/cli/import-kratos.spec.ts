import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import bcrypt from 'bcrypt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../support/database.js';
import { KratosDatabase } from '../support/kratos-database.js';
import { PATIENCE, workplace, type Workplace } from '../support/server-process.js';
import { type Ran, regain, regainHereIn, STACK } from './regain.js';

/* Runs the command as a process: its output and exit codes. */
const HASH = bcrypt.hashSync('correct horse', 8);
const LONG = { timeout: 6 * PATIENCE };

let database: Awaited<ReturnType<typeof freshDatabase>>;
let place: Workplace;
let kratos: KratosDatabase;
let id = '';
beforeAll(async () => {
  database = await freshDatabase();
  place = await workplace({ dsn: database.url });
  kratos = await KratosDatabase.make();
  const totp = ['totp', { totp_url: 'otpauth://totp/secret-of-totp' }, ['x']] as const;
  id = await kratos.addWithHash('ada@typed.example.com', HASH, {
    credentials: [['password', { hashed_password: HASH }, ['ada@typed.example.com']], totp],
  });
});
afterAll(async () => {
  await kratos?.drop();
  await place?.clear();
  await database?.drop();
});

const env = () => ({ KRATOS_DSN: kratos.url });
const run = async (...args: string[]): Promise<Ran> => {
  const files = place.files.flatMap((file) => ['-c', file]);
  const ran = await regain(['import', 'kratos', ...args, ...files], { cwd: place.directory, env: env() });
  const printed = ran.stdout + ran.stderr;
  for (const secret of [new URL(kratos.url).password, 'typed.example.com', 'secret-of-totp', HASH])
    expect(printed).not.toContain(secret);
  expect(printed).not.toMatch(STACK);
  return ran;
};

test('asks for a decision, imports, reports differences, and exits accordingly', LONG, async () => {
  const asked = await run('--from-env', 'KRATOS_DSN');
  expect(asked.code).toBe(3);
  expect(asked.stdout).toContain('1 × totp would be left behind.');
  expect(asked.stdout).toContain('--accept-loss totp');
  expect(asked.stdout).toContain('will be refused recovery, settings and login');

  const file = join(place.directory, 'dsn');
  await writeFile(file, `${kratos.url}\n`, { mode: 0o600 });
  const moved = await run('--from-file', file, '--accept-loss', 'totp', '--reason', 'moving day');
  expect([moved.code, moved.stdout.split('\n').at(-2)]).toEqual([0, 'Everything was imported as planned.']);
  expect(moved.stderr).toContain('write: 1 of 1');

  await kratos.sql(`UPDATE identities SET state = 'inactive'`);
  const dry = await run('--from-env', 'KRATOS_DSN', '--accept-loss', 'totp', '--dry-run');
  expect([dry.code, dry.stdout.split('\n').at(-2)]).toEqual([
    4,
    'The import would exit with 4: 1 identities already exist with different data and would not be changed.',
  ]);
  const differs = await run('--from-env', 'KRATOS_DSN', '--accept-loss', 'totp', '--format', 'json');
  expect(differs.code).toBe(4);
  expect(JSON.parse(differs.stdout)).toMatchObject({
    exit_code: 4,
    verification: { different: [{ id, parts: ['identity'] }] },
  });
});

test('an unknown kind of loss is wrong usage, and nothing is written', LONG, async () => {
  const wrong = await run('--from-env', 'KRATOS_DSN', '--accept-loss', 'totp', 'password');
  expect([wrong.code, wrong.stdout]).toEqual([2, '']);
  expect(wrong.stderr).toContain('Unknown --accept-loss: password. Choose from: passwords, identifiers, collisions');
});

test('failures and wrong usage have their own message and code, before anything starts', LONG, async () => {
  const unused = await workplace();
  const here = async (...args: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await regainHereIn(unused, 'import', 'kratos', ...args);
    return [code, stdout, stderr, existsSync(unused.data)];
  };
  try {
    expect(await here()).toEqual([
      ...[2, '', 'Name the place of the Kratos DSN with either --from-env NAME or --from-file FILE.\n'],
      false,
    ]);
    expect(await here('--from-env', kratos.url)).toEqual([
      ...[2, '', '--from-env must be the name of a variable, not its value.\n'],
      false,
    ]);
    expect(await here('--from-env', 'NOT_SET')).toEqual([1, '', 'The variable NOT_SET is not set.\n', false]);
    expect(await here('--from-env', 'X', '--network', 'first')).toEqual([
      ...[2, '', '--network must be the id of a network (a UUID).\n'],
      false,
    ]);
  } finally {
    await unused.clear();
  }
  expect((await run('--from-nowhere')).code).toBe(2);
});
