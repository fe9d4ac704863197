import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IdentityService, IdentityView } from '../identity/index.js';
import { BadRequest, Unavailable } from '../platform/errors/index.js';
import type { RecoveryIssuing } from '../recovery/index.js';
import { containFile, type ContainOptions, liftFile, readListed } from './recovery-file.js';
import { WrongUsage } from './wrong-usage.js';

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'regain-listed-'))));
afterAll(() => rm(folder, { recursive: true }));

async function listed(content: string) {
  const file = join(folder, 'listed');
  await writeFile(file, content);
  return readListed(file);
}

const progress = { show: () => undefined, end: () => undefined };

/** Identities `id-NAME` by name, with their containment. */
function people(containments: Record<string, 'all' | 'keep_mail' | null>, stranded: readonly string[] = []) {
  const identities = {
    findByIdentifier: (name: string) => {
      const mode = containments[name];
      const containment = mode ? { mode, liveGrant: !stranded.includes(name) } : null;
      return Promise.resolve(
        mode === undefined
          ? undefined
          : ({ id: `id-${name}`, containment, recoveryAddresses: [] } as unknown as IdentityView),
      );
    },
  } as IdentityService;
  const asked: unknown[] = [];
  const [out, err]: [string[], string[]] = [[], []];
  const io = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const recovery = (fails: Record<string, Error> = {}) => ({
    issueLink: (({ identityId }: { identityId: string }, how: object) => {
      asked.push([identityId, how]);
      if (fails[identityId]) return Promise.reject(fails[identityId]);
      const issued = { link: `https://regain/${identityId}`, expiresAt: new Date(0), messageId: null, grantId: 'g' };
      return Promise.resolve({ issued, shown: true, repeated: false, warnings: [] });
    }) as unknown as RecoveryIssuing['issueLink'],
  });
  return { identities, recovery, io, out, err, asked };
}

describe('a file of accounts', () => {
  test('has ids or identifiers as plain lines, as JSON, or as printed by other commands', async () => {
    const rows = await listed(
      '\uFEFFada\r\n\n  bob@example.com \n"carl"\n{"identity_id":"i-1"}\n{"id":"i-2","row":1}\n{"identifier":"dora"}\n{"id":7}\n{"id"\n[1]\n',
    );
    expect(rows.map(({ row, given }) => [row, given])).toEqual([
      [1, 'ada'],
      [3, 'bob@example.com'],
      [4, 'carl'],
      [5, 'i-1'],
      [6, 'i-2'],
      [7, 'dora'],
      [8, undefined],
      [9, undefined],
      [10, undefined],
    ]);
  });

  test('that is missing is wrong usage', async () => {
    await expect(readListed(join(folder, 'nowhere'))).rejects.toThrow(WrongUsage);
  });
});

describe('containing many', () => {
  test('issues one link for each account that is not contained as strictly, in the order of the file', async () => {
    const { identities, recovery, io, out, err, asked } = people({ ada: null, bob: 'all', carl: 'keep_mail' });
    const rows = await listed('ada\nbob\nnobody\ncarl\nada\n{"x":1}');
    const options = { file: '', format: 'json', reset: ['oidc'] } satisfies ContainOptions;
    expect(await containFile(rows, identities, recovery(), options, progress, io)).toBe(1);
    expect(out.map((line) => JSON.parse(line) as object)).toEqual([
      {
        row: 1,
        result: 'contained',
        id: 'id-ada',
        recovery_link: 'https://regain/id-ada',
        expires_at: expect.any(String),
      },
      { row: 2, result: 'unchanged', id: 'id-bob' },
      { row: 3, result: 'refused', reason: 'No identity has this id or identifier.' },
      {
        row: 4,
        result: 'contained',
        id: 'id-carl',
        recovery_link: 'https://regain/id-carl',
        expires_at: expect.any(String),
      },
      { row: 5, result: 'unchanged', id: 'id-ada' },
      { row: 6, result: 'refused', reason: 'the line has no id or identifier' },
    ]);
    expect(asked).toEqual([
      ['id-ada', { contain: true, reset: ['oidc'] }],
      ['id-carl', { contain: true, reset: ['oidc'] }],
    ]);
    expect(err).toEqual(['2 contained, 2 unchanged, 2 refused']);
  });

  test.each(['json', 'text'] as const)('reports accounts without a working link or code (%s)', async (format) => {
    const { identities, recovery, io, out, err, asked } = people({ ada: 'all', bob: 'all' }, ['ada']);
    const rows = await listed('ada\nbob');
    expect(await containFile(rows, identities, recovery(), { file: '', format }, progress, io)).toBe(0);
    const note = 'no working link or code; issue one with regain recovery link';
    expect(out).toEqual(
      format === 'json'
        ? [
            JSON.stringify({ row: 1, result: 'unchanged', id: 'id-ada', note }),
            JSON.stringify({ row: 2, result: 'unchanged', id: 'id-bob' }),
          ]
        : [`row 1: unchanged id-ada ${note}`, 'row 2: unchanged id-bob'],
    );
    expect([asked, err]).toEqual([[], ['2 unchanged', `warning: 1 unchanged: ${note}`]]);
  });

  test('--keep-mail keeps recovery by mail, and loosens no stricter containment', async () => {
    const { identities, recovery, io, asked } = people({ ada: null, bob: 'all', carl: 'keep_mail' });
    const options = { file: '', format: 'text', keepMail: true } as const;
    expect(await containFile(await listed('ada\nbob\ncarl'), identities, recovery(), options, progress, io)).toBe(0);
    expect(asked).toEqual([['id-ada', { contain: 'keep_mail' }]]);
  });

  test('continues after a refused row; a server error ends the run after printing completed rows', async () => {
    const { identities, recovery, io, out, err } = people({ ada: null, bob: null, carl: null, dora: null, emil: null });
    const fails = { 'id-ada': new BadRequest('no'), 'id-bob': new Unavailable('away') };
    const rows = await listed('ada\nbob\ncarl\ndora\nemil');
    const run = containFile(rows, identities, recovery(fails), { file: '', format: 'text' }, progress, io);
    await expect(run).rejects.toBe(fails['id-bob']);
    expect(out).toEqual([
      'row 1: refused no id-ada',
      expect.stringMatching(/^row 3: contained id-carl https:/),
      expect.stringMatching(/^row 4: contained id-dora https:/),
    ]);
    expect(err).toEqual(['1 refused, 2 contained']);
  });
});

test('lifting reports accounts that were not contained as unchanged', async () => {
  const { identities, io, out } = people({ ada: 'all', bob: null });
  const standings = { lift: (id: string) => Promise.resolve(id === 'id-ada') };
  const options = { file: '', format: 'text' } as const;
  expect(await liftFile(await listed('ada\nbob'), identities, standings, options, progress, io)).toBe(0);
  expect(out).toEqual(['row 1: lifted id-ada', 'row 2: unchanged id-bob']);
});
