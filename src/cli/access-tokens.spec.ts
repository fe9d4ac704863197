import { describe, expect, test } from 'vitest';
import type { AccessTokenService, AccessTokenView, NewAccessToken, Revocation } from '../access/index.js';
import { BadRequest, MissingRow } from '../platform/errors/index.js';
import { createAccessToken, listAccessTokens, revokeAccessToken } from './access-tokens.js';

const VIEW: AccessTokenView = {
  id: '2f1c7a54-6e0c-4bd8-9d4b-0f5c8f0f6a51',
  name: 'desk',
  last4: 'fUaE',
  scopes: ['identity:read', 'recovery:issue'],
  source: 'command',
  createdBy: 'ada',
  createdAt: new Date('2030-01-31T08:00:00Z'),
  expiresAt: new Date('2030-02-01T08:00:00Z'),
  lastUsedAt: null,
  revokedAt: null,
  state: 'active',
};
const TOKEN = 'ory_pat_7Hq2vXk9TzB4mWc1LrY8pNd3GsJ6fUaE';

function setting(
  views: AccessTokenView[] = [VIEW],
  revoke: () => Promise<Revocation> = () => Promise.resolve({ revoked: true, ended: 1 }),
) {
  const wanted: NewAccessToken[] = [];
  const out: string[] = [];
  const err: string[] = [];
  const service = {
    create(asked: NewAccessToken) {
      wanted.push(asked);
      if (asked.scopes.length === 0) throw new BadRequest('The field "scopes" must list at least one.');
      return Promise.resolve({ token: TOKEN, view: VIEW });
    },
    list: () => Promise.resolve(views),
    revoke,
  };
  const io = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  return { tokens: service as unknown as AccessTokenService, io, out, err, wanted };
}

describe('create', () => {
  const asked = {
    name: 'desk',
    scopes: ['identity:read'],
    expiresIn: '24h',
    createdBy: 'ada',
    format: 'text',
  } as const;

  test('passes the options on and prints the token once', async () => {
    const { tokens, io, out, err, wanted } = setting();
    expect(await createAccessToken(tokens, asked, io)).toBe(0);
    expect(wanted).toMatchObject([{ name: 'desk', scopes: ['identity:read'], source: 'command', createdBy: 'ada' }]);
    expect(wanted[0]?.expiresIn?.seconds).toBe(86_400);
    expect(out).toEqual([
      `token    ${TOKEN}`,
      `id       ${VIEW.id}`,
      'name     desk',
      'scopes   identity:read recovery:issue',
      'expires  2030-02-01 08:00:00Z',
    ]);
    expect(err).toHaveLength(1);
  });

  test('prints exactly one line of JSON', async () => {
    const { tokens, io, out, err } = setting();
    expect(await createAccessToken(tokens, { ...asked, format: 'json' }, io)).toBe(0);
    expect(out.map((line) => JSON.parse(line) as object)).toMatchObject([
      { token: TOKEN, name: 'desk', state: 'active' },
    ]);
    expect(err).toEqual([]);
  });

  test.each([
    [{ expiresIn: '24' }, '--expires-in must have a unit after every number: ns, us, ms, s, m or h.'],
    [{ scopes: [] }, 'The field "scopes" must list at least one.'],
  ])('refuses %j with a reason', async (wrong, reason) => {
    const { tokens, io, out, err } = setting();
    expect(await createAccessToken(tokens, { ...asked, ...wrong }, io)).toBe(1);
    expect([out, err]).toEqual([[], [reason]]);
  });
});

describe('list', () => {
  test('prints a table without secrets', async () => {
    const { tokens, io, out } = setting([
      VIEW,
      { ...VIEW, name: 'a\u001b[31mlonger\nname', state: 'revoked', expiresAt: null },
    ]);
    expect(await listAccessTokens(tokens, { format: 'text' }, io)).toBe(0);
    expect(out).toEqual([
      'ID                                    NAME               LAST FOUR  STATE    EXPIRES               LAST USED  SOURCE   SCOPES',
      `${VIEW.id}  desk               fUaE       active   2030-02-01 08:00:00Z  never      command  identity:read recovery:issue`,
      `${VIEW.id}  a [31mlonger name  fUaE       revoked  never                 never      command  identity:read recovery:issue`,
    ]);
  });

  test('says how to create a token if there is none; prints an empty list as JSON', async () => {
    const { tokens, io, out } = setting([]);
    await listAccessTokens(tokens, { format: 'text' }, io);
    await listAccessTokens(tokens, { format: 'json' }, io);
    expect(out).toEqual(['No access tokens. To create one, see: regain access-tokens create --help', '[]']);
  });
});

describe('revoke', () => {
  test.each([
    [true, 'Revoked. Requests with this token are now refused.'],
    [false, 'It was already revoked.'],
  ])('revoked by this call: %s', async (first, line) => {
    const { tokens, io, out } = setting([VIEW], () => Promise.resolve({ revoked: first, ended: first ? 1 : 0 }));
    expect(await revokeAccessToken(tokens, { id: VIEW.id, format: 'text' }, io)).toBe(0);
    expect(out).toEqual([line]);
  });

  test('says how many other tokens it revoked', async () => {
    const { tokens, io, out } = setting([VIEW], () => Promise.resolve({ revoked: true, ended: 4 }));
    expect(await revokeAccessToken(tokens, { id: VIEW.id, cascade: true, format: 'text' }, io)).toBe(0);
    expect(await revokeAccessToken(tokens, { id: VIEW.id, cascade: true, format: 'json' }, io)).toBe(0);
    expect(out).toEqual([
      'Revoked. Requests with this token are now refused.',
      'Tokens created with it, also revoked: 3.',
      JSON.stringify({ id: VIEW.id, state: 'revoked', was_active: true, ended: 4 }),
    ]);
  });

  test('fails for an unknown token', async () => {
    const { tokens, io, out, err } = setting([VIEW], () => Promise.reject(new MissingRow()));
    expect(await revokeAccessToken(tokens, { id: 'x', format: 'text' }, io)).toBe(1);
    expect([out, err]).toEqual([[], ['No such access token.']]);
  });
});

test('rethrows unexpected errors', async () => {
  const { tokens, io } = setting([VIEW], () => Promise.reject(new TypeError('a mistake')));
  await expect(revokeAccessToken(tokens, { id: 'x', format: 'text' }, io)).rejects.toThrow('a mistake');
});
