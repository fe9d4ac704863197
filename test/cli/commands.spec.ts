import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  PATIENCE,
  postgresRuns,
  type ServerProcess,
  startServerProcess,
  statusOf,
  workplace,
  type Workplace,
} from '../support/server-process.js';
import { linesOf, PAT, type Ran, regainHereIn, regainIn, SECRET, STACK } from './regain.js';

/* Runs every command against the embedded database of a running server, and checks that the server is unaffected. */
let place: Workplace;
let server: ServerProcess;
let token = '';

beforeAll(async () => {
  place = await workplace({ config: { selfservice: { methods: { code: { enabled: true } } } } });
  server = await startServerProcess(place);
  await server.untilPrinted(PAT);
  token = PAT.exec(server.stdout)![0];
}, 2 * PATIENCE);
afterAll(async () => {
  await server?.end();
  await place?.clear();
}, 2 * PATIENCE);

const LONG = { timeout: 4 * PATIENCE };
const run = (...args: string[]): Promise<Ran> => regainHereIn(place, ...args);

/** The JSON that a successful command prints, one value per line. */
const json = async <T>(...args: string[]): Promise<T[]> => jsonOf<T>(await run(...args, '--format', 'json'));

function jsonOf<T>({ code, stdout, stderr }: Ran): T[] {
  expect([code, stderr]).toEqual([0, '']);
  return linesOf(stdout).map((line) => JSON.parse(line) as T);
}

const refused = (...args: string[]): Promise<string> => refusedWith(1, ...args);

const refusedWith = async (exit: number, ...args: string[]): Promise<string> => reasonOf(exit, await run(...args));

function reasonOf(exit: number, { code, stdout, stderr }: Ran): string {
  expect([code, stdout]).toEqual([exit, '']);
  expect(stderr).not.toMatch(STACK);
  expect(linesOf(stderr)).toHaveLength(1);
  return stderr.trim();
}

const admin = (path: string, bearer = token): Promise<Response> =>
  fetch(`${place.adminUrl}${path}`, { headers: { authorization: `Bearer ${bearer}` } });

describe('commands beside a running server', () => {
  test('run as processes and exit, whether they succeed or fail', LONG, async () => {
    const typed = (...args: string[]): Promise<Ran> => regainIn(place, ...args);
    const [tokens, unknown] = await Promise.all([
      typed('access-tokens', 'list', '--format', 'json'),
      typed('access-tokens', 'revoke', 'no-such-id'),
    ]);
    expect(jsonOf(tokens)).toEqual([[expect.objectContaining({ name: 'first start', state: 'active' })]]);
    expect(reasonOf(1, unknown)).toBe('No such access token.');
  });

  test('access-tokens: created, shown once, listed without the secret, revoked immediately', LONG, async () => {
    const [made] = await json<{ id: string; token: string; scopes: string[] }>(
      'access-tokens',
      'create',
      '--name',
      'desk',
      '--scopes',
      'identity:read',
    );
    expect(made).toMatchObject({
      id: expect.any(String),
      token: expect.stringMatching(PAT),
      scopes: ['identity:read'],
    });
    expect((await admin('/admin/identities', made!.token)).status).toBe(200);
    const [listed] = await json<{ id: string; state: string }[]>('access-tokens', 'list');
    expect(listed).toContainEqual(expect.objectContaining({ id: made!.id, state: 'active' }));
    expect(JSON.stringify(listed)).not.toMatch(SECRET);
    expect(await json('access-tokens', 'revoke', made!.id)).toEqual([
      { id: made!.id, state: 'revoked', was_active: true, ended: 1 },
    ]);
    expect((await admin('/admin/identities', made!.token)).status).toBe(401);
    expect(await refused('access-tokens', 'revoke', 'no-such-id')).toBe('No such access token.');
  });

  test('identities import, recovery link, grants and revoke, audit', LONG, async () => {
    const file = join(place.directory, 'people.ndjson');
    const rows = ['ada@example.com', 'bob@example.com', 'no address'].map((email) =>
      JSON.stringify({ schema_id: 'person', traits: { email } }),
    );
    await writeFile(file, rows.join('\n'));
    const imported = await run('identities', 'import', file, '--format', 'json');
    const results = linesOf(imported.stdout).map(
      (line) => JSON.parse(line) as { row: number; result: string; id?: string },
    );
    expect([imported.code, imported.stderr.trim()]).toEqual([1, '2 created, 0 exist, 1 refused']);
    expect(results).toMatchObject([
      { row: 1, result: 'created' },
      { row: 2, result: 'created' },
      { row: 3, result: 'refused' },
    ]);
    await writeFile(file, rows.slice(0, 2).join('\n'));
    expect((await run('identities', 'import', file)).stdout).toContain('0 created, 2 exist, 0 refused');
    const ada = results[0]!.id!;

    const [link] = await json<{ recovery_link: string; expires_at: string }>(
      'recovery',
      'link',
      'ada@example.com',
      '--expires-in',
      '30m',
      '--reason',
      'lost phone',
    );
    expect(link!.recovery_link).toMatch(
      new RegExp(`^${place.publicUrl}/self-service/recovery\\?flow=[0-9a-f-]{36}&token=[0-9A-Za-z]{32}$`),
    );
    expect(await statusOf(link!.recovery_link)).toBe(200); // follows to the confirm page

    const [[grant]] = (await json<[{ id: string; state: string }]>(
      'recovery',
      'grants',
      '--identity',
      ada,
      '--state',
      'active',
    )) as [[{ id: string; state: string }]];
    expect(grant).toMatchObject({ state: 'active', identity_id: ada });
    expect(JSON.stringify(grant)).not.toContain(new URL(link!.recovery_link).searchParams.get('token'));
    expect(await json('recovery', 'revoke', grant.id, '--reason', 'found it')).toEqual([
      { id: grant.id, state: 'revoked' },
    ]);

    const [code] = await json<{ recovery_code: string; recovery_link: string; expires_at: string }>(
      ...['recovery', 'code', ada, '--expires-in', '30m', '--reason', 'on the telephone'],
    );
    expect(code).toEqual({
      recovery_code: expect.stringMatching(/^\d{6}$/),
      recovery_link: expect.stringMatching(/\?flow=[0-9a-f-]{36}$/),
      expires_at: expect.stringMatching(/Z$/),
    });
    expect(await statusOf(code!.recovery_link)).toBe(200);
    const table = linesOf((await run('recovery', 'grants', '--identity', ada)).stdout);
    expect(table[0]).toMatch(/^ID +KIND +STATE +IDENTITY +EXPIRES$/);
    expect(table.slice(1).map((line) => line.split(/ {2,}/).slice(1, 4))).toEqual([
      ['code', 'active', ada],
      ['link', 'revoked', ada],
    ]);
    expect((await run('recovery', 'grants', '--identity', ada, '--state', 'expired')).stdout.trim()).toBe(
      'No links or codes found.',
    );

    const events = await json<{ action: string; actor_type: string; reason: string }>('audit', '--target', ada);
    expect(events.find(({ action }) => action === 'recovery.code.created')).toMatchObject({
      actor_type: 'operator',
      reason: 'on the telephone',
    });
    expect(events.find(({ action }) => action === 'recovery.link.created')).toMatchObject({
      actor_type: 'operator',
      reason: 'lost phone',
    });
    expect(JSON.stringify(events)).not.toMatch(SECRET);
  });

  test('unknown identities, grants and files are refused in one line', LONG, async () => {
    expect(await refused('recovery', 'link', 'nobody@example.com', '--reason', 'test')).toBe(
      'No identity has this id or identifier.',
    );
    expect(await refused('recovery', 'code', 'nobody@example.com', '--reason', 'test')).toBe(
      'No identity has this id or identifier.',
    );
    expect(await refused('recovery', 'revoke', 'd2b9a8f6-3a2f-4f25-8bb0-111111111111')).toBe(
      'No link or code has this id.',
    );
    expect(await refused('recovery', 'link', 'ada@example.com', '--reason', 'test', '--expires-in', '100h')).toContain(
      '72h',
    );
    expect(await refused('audit', '--since', 'yesterday')).toMatch(/^--since /);
    const nowhere = join(place.directory, 'nowhere.json');
    expect(await refused('identities', 'import', nowhere)).toBe(`Can't read ${nowhere} (ENOENT).`);
    expect(await refusedWith(2, 'recovery', 'grants', '--identity', 'ada@example.com')).toBe(
      '--identity must be the id of an identity (a UUID).',
    );
  });

  test('a mailed link is not printed, and needs a mail server', LONG, async () => {
    const link = ['recovery', 'link', 'ada@example.com', '--reason', 'at the desk'];
    const off = await refused(...link, '--deliver');
    expect(off).toContain('Set courier.smtp.connection_uri in the configuration, or leave out --deliver');
    expect(off).not.toContain('"');
    expect(await refusedWith(2, ...link, '--locale', 'de')).toBe('--locale requires --deliver.');

    const mail = join(place.directory, 'mail.yml');
    await writeFile(mail, JSON.stringify({ courier: { smtp: { connection_uri: 'smtp://127.0.0.1:1/' } } }));
    const mailed = await run(...link, '--deliver', '-c', mail);
    const [, message] = /^Queued as message ([0-9a-f-]{36}); valid until /.exec(mailed.stdout) ?? [];
    expect([mailed.code, mailed.stderr, linesOf(mailed.stdout).length]).toEqual([0, '', 1]);
    expect(mailed.stdout).not.toMatch(/https?:|token|flow/);
    expect(await (await admin(`/admin/courier/messages/${message}`)).json()).toMatchObject({
      recipient: 'ada@example.com',
      template: 'recovery_link_admin',
    });

    const german = await run(...link, '--deliver', 'Ada@Example.com', '--locale', 'de', '--format', 'json', '-c', mail);
    expect([german.code, Object.keys(JSON.parse(german.stdout) as object).sort()]).toEqual([
      0,
      ['expires_at', 'message_id'],
    ]);
    const { message_id } = JSON.parse(german.stdout) as { message_id: string };
    expect(await (await admin(`/admin/courier/messages/${message_id}`)).json()).toMatchObject({
      subject: expect.stringContaining('Konto'),
    });

    expect(await refused(...link, '--deliver', 'bob@example.com', '-c', mail)).toBe(
      '--deliver must be a recovery address of the identity, or its id.',
    );
  });

  test('audit continues after a page', LONG, async () => {
    const first = await run('audit', '--limit', '1', '--format', 'json');
    const [, next = ''] = /add: --page-token (\S+)/.exec(first.stderr) ?? [];
    const second = await run('audit', '--limit', '1', '--format', 'json', '--page-token', next);
    expect([first.code, second.code]).toEqual([0, 0]);
    const [a, b] = [first, second].map(({ stdout }) => (JSON.parse(stdout) as { id: string }).id);
    expect(a! > b!).toBe(true);
  });

  test('migrate, migrate --check and purge find nothing to do', LONG, async () => {
    expect(await json('migrate', '--check')).toEqual([{ pending: [] }]);
    expect(await json('migrate')).toEqual([{ ran: [] }]);
    const [removed] = await json<{ name: string; removed: number }[]>('purge');
    expect(removed).toContainEqual({ name: 'sessions', removed: 0 });
  });

  test('a second server on the same data is refused and changes nothing', LONG, async () => {
    const { code, stderr } = await regainIn(place, 'serve');
    expect(code).toBe(1);
    expect(stderr).toMatch(/is in use by another `regain serve` \(process \d+/);
    expect(stderr).not.toMatch(STACK);
  });

  test('the server and its database are still running', LONG, async () => {
    expect(await statusOf(`${place.adminUrl}/health/ready`)).toBe(200);
    expect(await postgresRuns(place.data)).toBe(true);
    expect(server.stderr).not.toMatch(SECRET);
  });
});
