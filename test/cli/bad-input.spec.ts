import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyDatabase } from '../support/database.js';
import { PATIENCE, postgresRuns, workplace, type Workplace } from '../support/server-process.js';
import { linesOf, PAT, type Ran, regain, regainHere, regainHereIn, regainIn, STACK } from './regain.js';

/* One refusal of each kind runs as a real process; the others of its kind run in this process. */

const LONG = { timeout: 4 * PATIENCE };
const WORD = 'hidden-word-of-the-dsn';

type Options = Parameters<typeof workplace>[0];
type Env = Record<string, string>;

/** `serve` as a process. */
const starts = (options: Options, env: Env = {}): Promise<Ran & { made: boolean }> =>
  inPlace(options, (args, cwd) => regain(args, { cwd, env }));

const startsHere = (options: Options, env: Env = {}): Promise<Ran & { made: boolean }> =>
  inPlace(options, (args) => regainHere(args, env));

async function inPlace(
  options: Options,
  serve: (args: string[], cwd: string) => Promise<Ran>,
): Promise<Ran & { made: boolean }> {
  const place = await workplace(options);
  try {
    const ran = await serve(['serve', ...place.files.flatMap((file) => ['-c', file])], place.directory);
    return { ...ran, made: existsSync(place.data) };
  } finally {
    await place.clear();
  }
}

/** Printed by whichever process finds the temporary database of a killed one, which may be another test's. */
const TIDIED = /^removed .*, left behind by a process that has ended$/;

/** Expects a refusal with this many lines on stderr and no other output. */
function expectRefusal({ code, stdout, stderr }: Ran, lines: number, ...texts: string[]): void {
  const said = linesOf(stderr).filter((line) => !TIDIED.test(line));
  expect({ code, stdout, stderr, lines: said.length }).toEqual({ code: 1, stdout: '', stderr, lines });
  for (const text of texts) expect(stderr).toContain(text);
  expect(stderr).not.toMatch(STACK);
  expect(stderr).not.toContain(WORD);
}

/** Printed along with the problems. */
const WARNED = ['Warnings:', 'hashers.bcrypt.cost: '];

describe('an invalid configuration', () => {
  test('an unknown key is named without its value, and nothing is created', LONG, async () => {
    const ran = await starts({ config: { selfservice: { flows: { recovery: { lifespann: WORD } } } } });
    const problem = 'selfservice.flows.recovery.lifespann';
    expectRefusal(ran, 4, 'The configuration is invalid:', problem, ...WARNED);
    expect(ran.made).toBe(false);
  });

  test.each([
    ['not JSON', '{"properties": ', 'identity.schemas[0].url: does not contain valid JSON'],
    [
      'not a JSON schema',
      '{"type":"object","properties":{"traits":{"type":"no such type"}}}',
      'identity.schemas (id person): is not a valid JSON schema',
    ],
  ])('a schema file that is %s is named', LONG, async (_what, text, key) => {
    const place = await workplace();
    const file = join(place.directory, 'wrong.schema.json');
    await writeFile(file, text);
    const own = join(place.directory, 'own.yml');
    await writeFile(own, JSON.stringify({ identity: { schemas: [{ id: 'person', url: `file://${file}` }] } }));
    try {
      const ran = await regainHere(['serve', '-c', place.files[0]!, '-c', own]);
      expectRefusal(ran, 4, key, ...WARNED);
      expect(await postgresRuns(place.data)).toBe(false);
    } finally {
      await place.clear();
    }
  });

  test('config check reports the same, and confirms a valid one, also as JSON', LONG, async () => {
    const good = await workplace();
    const bad = await workplace({ config: { selfservice: { nonsense: WORD } } });
    try {
      const checked = await regainIn(good, 'config', 'check', '--format', 'json');
      expect([checked.code, JSON.parse(checked.stdout)]).toMatchObject([0, { ok: true, problems: [] }]);
      const refused = await regainHereIn(bad, 'config', 'check', '--format', 'json');
      expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([
        1,
        { ok: false, problems: [{ path: 'selfservice.nonsense' }] },
      ]);
      expect(refused.stdout + refused.stderr).not.toContain(WORD);
      expect(existsSync(good.data)).toBe(false);
    } finally {
      await Promise.all([good.clear(), bad.clear()]);
    }
  });

  test('a missing file is named', LONG, async () => {
    const ran = await regainHere(['serve', '-c', '/nowhere.yml']);
    expectRefusal(ran, linesOf(ran.stderr).length, 'nowhere.yml: cannot be read (ENOENT)');
  });
});

describe('an unusable database', () => {
  test.each([
    ['nothing listens', `postgres://regain:${WORD}@127.0.0.1:1/regain`],
    ['the host is unknown', `postgres://regain:${WORD}@no-such-host.invalid/regain`],
  ])('%s: names `dsn`', LONG, async (_what, dsn) => {
    expectRefusal(await startsHere({ dsn }), 1, "Can't reach the database in `dsn`");
  });

  test('a wrong password and a missing database have different messages', LONG, async () => {
    const database = await emptyDatabase();
    try {
      const { password, pathname } = new URL(database.url);
      const [wrong, missing] = [
        database.url.replace(`:${password}@`, `:${WORD}@`),
        database.url.replace(pathname, '/no_such_database'),
      ];
      expect([wrong, missing]).not.toContain(database.url);
      expectRefusal(await startsHere({ dsn: wrong }), 1, 'rejects the user name or password');
      expectRefusal(await startsHere({ dsn: missing }), 1, "doesn't exist");
    } finally {
      await database.drop();
    }
  });

  test('migrate --check on an empty database exits with 1; migrate then runs what it listed', LONG, async () => {
    const database = await emptyDatabase();
    const place = await workplace({ dsn: database.url });
    try {
      const check = await regainHereIn(place, 'migrate', '--check', '--format', 'json');
      expect([check.code, JSON.parse(check.stdout)]).toEqual([
        1,
        { pending: expect.arrayContaining(['0001-initial']) },
      ]);
      const ran = await regainHereIn(place, 'migrate');
      expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining('ran: 0001-initial')]);
    } finally {
      await place.clear();
      await database.drop();
    }
  });
});

describe('a failing start', () => {
  let place: Workplace;
  beforeAll(async () => void (place = await workplace()));
  afterAll(() => place.clear());

  test.each([
    ['public', regainIn],
    ['admin', regainHereIn],
  ] as const)('names the key and prints no token if the %s port is in use', LONG, async (listener, run) => {
    const occupant = createServer().listen(place.ports[listener], '127.0.0.1');
    await once(occupant, 'listening');
    const ran = await run(place, 'serve');
    occupant.close();
    expectRefusal(ran, 1, 'is in use', `serve.${listener}.port`, String(place.ports[listener]));
    expect(ran.stdout).not.toMatch(PAT);
    expect(await postgresRuns(place.data)).toBe(false);
  });

  test('reports a malformed REGAIN_ACCESS_TOKEN without its value', LONG, async () => {
    expectRefusal(
      await starts({ dsn: 'memory' }, { REGAIN_ACCESS_TOKEN: `ory_pat_${WORD}` }),
      1,
      'REGAIN_ACCESS_TOKEN must be "ory_pat_" followed by',
    );
  });

  test('reports a missing REGAIN_ACCESS_TOKEN_FILE and creates nothing', LONG, async () => {
    const ran = await startsHere({}, { REGAIN_ACCESS_TOKEN_FILE: '/no/such/file' });
    expectRefusal(ran, 1, 'REGAIN_ACCESS_TOKEN_FILE');
    expect(ran.made).toBe(false);
  });
});

describe('the command line', () => {
  let folder: Workplace;
  beforeAll(async () => void (folder = await workplace()));
  afterAll(() => folder.clear());
  const run = (...args: string[]): Promise<Ran> => regain(args, { cwd: folder.directory });

  test('--help lists every command, --version prints the version', LONG, async () => {
    const help = await run('--help');
    expect(help.code).toBe(0);
    for (const name of [
      'serve',
      'quickstart',
      'migrate',
      'access-tokens',
      'recovery',
      'audit',
      'identities',
      'purge',
      'config',
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    }
    expect(await run('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test('openapi reports an unwritable file in one line', LONG, async () => {
    const ran = await regainHere(['openapi', '--output', '/no/such/place.json']);
    expectRefusal(ran, 1, "Can't write /no/such/place.json (ENOENT)");
  });

  test('--deliver without a mail server is refused before anything starts', LONG, async () => {
    const ran = await regainHereIn(folder, 'recovery', 'link', 'ada@example.com', '--reason', 'x', '--deliver');
    expectRefusal(ran, 1, 'Set courier.smtp.connection_uri in the configuration, or leave out --deliver');
    expect(existsSync(folder.data)).toBe(false);
  });

  test('-c before an argument does not swallow it', LONG, async () => {
    const ran = await regainHere(['courier', 'preview', '-c', folder.files[0]!, 'recovered']);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toMatch(/^Subject: /);
  });

  test.each([
    ['a missing argument', ['recovery', 'revoke'], "missing required argument 'grant'"],
    ['a missing reason', ['recovery', 'link', 'ada@example.com'], '--reason'],
    ['an empty reason', ['recovery', 'link', 'ada@example.com', '--reason', ' '], 'It must not be empty'],
    [
      'an unknown scope',
      ['access-tokens', 'create', '--name', 'x', '--scopes', 'identity:read,all'],
      'recovery:issue,',
    ],
    ['an unknown language', ['recovery', 'code', 'ada', '--reason', 'x', '--deliver', '--locale', 'xx'], 'en, de'],
  ])('%s is wrong usage: exit code 2', LONG, async (_what, args, text) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(text);
    expect(stderr).not.toMatch(STACK);
  });
});
