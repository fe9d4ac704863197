import { randomUUID } from 'node:crypto';
import { hash as argon2 } from '@node-rs/argon2';
import bcrypt from 'bcrypt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IdentityService } from '../../src/identity/index.js';
import { Connections, Credentials, Passwords } from '../../src/identity/privileged.js';
import { beginNative, send } from '../support/login-steps.js';
import { expectMoved, found, move, type Move } from './kratos-import.support.js';

const PASSWORD = 'Pässw0rd';
const PF = 'e1NBTFR9JCR7UEFTU1dPUkR9'; // {SALT}$${PASSWORD}
const SALT = 'MDEyMzQ1Njc4OWFiY2RlZg';

/** Kind, outcome, and a hash of PASSWORD from another implementation. */
const HASHES: [kind: string, fate: string, hash: string][] = [
  ['pbkdf2-sha256', 'kept', `$pbkdf2-sha256$i=1000,l=32$${SALT}$GGGq36IUmIdTikBm+SWGw1GOKq5WEraz+ikD3C6kl30`],
  // SHA-3, under Kratos' name
  [
    'pbkdf2-sha384',
    'kept',
    `$pbkdf2-sha384$i=1000,l=48$${SALT}$6EBhm21Ig3zL6VEXk4opfCmNfLw+dR1v63eJTIh7sq8+AXC0tS+6i7l1VZY5dxt2`,
  ],
  ['hmac-md4', 'wrapped', `$hmac-md4$YTNiOWZmMmZmNWJmNDBlNTEwOGVhMzUxZWVmZTQ4OTg=$${SALT}==`],
  ['scrypt', 'kept', `$scrypt$ln=1024,r=8,p=1$${SALT}==$ZgsJ3LG24K+CrrNQjQe1gkyVzYYjmnmg+W+/8wU8qBI=`],
  ['sha256-crypt', 'kept', '$sha256-crypt$saltsaltsaltsalt$reowPSjwIhoEirFlVWE6xv8lmjZt4ajzqQwJ94903t2'],
  [
    'sha512-crypt',
    'kept',
    '$sha512-crypt$saltsalt$SQ1ZeF1JgGQwBT89A/LkQkxeor8s0lClmtYNHCTvaY4Bj7a9kD1Ecfx6L5aKsUia.qRQPDAzJQRwn759F04Z0/',
  ],
  ['md5-crypt', 'wrapped', '$md5-crypt$saltsalt$Y.ZMATnqNSs7IVIw.YHgA0'],
  ['md5', 'wrapped', '$md5$1N/4J071DayFgZzec20khA=='],
  ['sha1', 'wrapped', `$sha1$pf=${PF}$${SALT}==$ltCkeBFvs6m1RgTVa7lHqtRuS/Q=`],
  ['sha256', 'wrapped', `$sha256$pf=${PF}$${SALT}==$P8iYYXKdix2swR7AlIalBVfdh0nEIBiEeBxzY8v/56g=`],
  ['ssha', 'wrapped', '{SSHA}YHcWGGfGgzKH5wtlNx/ZH5DsnUQwMTIzNDU2Nzg5YWJjZGVm'],
  [
    'hmac-sha256',
    'wrapped',
    `$hmac-sha256$ZTI0ODExZjUyMGE1ZmViY2JiNWFjMmFjNjk3NWJiZmE5ZGU2MGEzNjBhNGY5MzZhMjliNmM2Njg4MDNkZDU0Yg==$${SALT}==`,
  ],
];

/** One that needs four gigabytes, and one of an unknown kind. */
const TOO_COSTLY =
  '$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$GGGq36IUmIdTikBm+SWGw1GOKq5WEraz+ikD3C6kl30';
const UNKNOWN = '$nothash$1234$abcdef';

let world: Move;
beforeAll(async () => {
  HASHES.push(['bcrypt', 'kept', await bcrypt.hash(PASSWORD, 10)]);
  const light = { memoryCost: 1_024, timeCost: 1, parallelism: 1 };
  HASHES.push(['argon2id', 'kept', await argon2(PASSWORD, { algorithm: 2, ...light })]);
  HASHES.push(['argon2i', 'kept', await argon2(PASSWORD, { algorithm: 1, ...light })]);
  world = await move({ hashers: { algorithm: 'argon2', argon2: { memory: '1MB', iterations: 1, parallelism: 1 } } });
});
afterAll(() => world.stop());

const addressOf = (kind: string): string => `${kind}@hashes.example.com`;

/** Signs in as a native client; resolves to the session's identity. */
async function signInWith(
  identifier: string,
  password: string,
): Promise<{ status: number; identity: string | undefined }> {
  const answer = await send(world.app, await beginNative(world.app), { method: 'password', identifier, password });
  const { session } = answer.body as { session?: { identity: { id: string } } };
  return { status: answer.status, identity: session?.identity.id };
}

describe('passwords of each kind', () => {
  const ids = new Map<string, string>();
  beforeAll(async () => {
    for (const [kind, , hash] of HASHES) ids.set(kind, await world.kratos.addWithHash(addressOf(kind), hash));
    ids.set('costly', await world.kratos.addWithHash('costly@hashes.example.com', TOO_COSTLY));
    ids.set('unknown', await world.kratos.addWithHash('unknown@hashes.example.com', UNKNOWN));
    const hook = { use_password_migration_hook: true };
    ids.set('hook', await world.kratos.add({ credentials: [['password', hook, ['hook@hashes.example.com']]] }));
  });

  test('nothing is written until the operator agrees to leave passwords behind', async () => {
    const outcome = await world.run();
    expect(outcome.result).toBe('undecided');
    expect(outcome.plan.blockers).toEqual([
      { reason: 'loss', accept: 'passwords', text: '3 × passwords would be left behind.' },
    ]);
    expect(found(outcome, 'password_not_brought')).toEqual([
      { detail: 'argon2id: too costly', count: 1, ids: [ids.get('costly')] },
      { detail: 'migration hook', count: 1, ids: [ids.get('hook')] },
      { detail: 'unknown kind of hash', count: 1, ids: [ids.get('unknown')] },
    ]);
    expect(await world.count('identity')).toBe(0);
  });

  test('with that consent, the rest is imported; each kind is counted with its outcome', async () => {
    const outcome = await world.run({ acceptLoss: ['passwords'] });
    expectMoved(outcome, HASHES.length + 3);
    const counted = outcome.plan.hashes.map(({ kind, fate, count }) => `${kind} ${fate} ${count}`).sort();
    const expected = HASHES.map(([kind, fate]) => `${kind} ${fate} 1`);
    expect(counted).toEqual([...expected, 'argon2id too_costly 1', 'unknown unknown 1'].sort());
  });

  test('each accepts its password and no other', async () => {
    for (const [kind] of HASHES) {
      const stored = await world.app.get(Credentials).passwordFor(addressOf(kind));
      expect(await world.app.get(Passwords).verify('Pässw0re', stored?.hash), kind).toBe(false);
      expect(await signInWith(addressOf(kind), PASSWORD), kind).toEqual({ status: 200, identity: ids.get(kind) });
    }
  });

  test('a fast hash is stored only inside argon2id, and no rejected one is stored at all', async () => {
    const rows = await world.app.sql<{ config: { hashed_password?: string } }>(
      `SELECT config FROM identity_credential WHERE type = 'password'`,
    );
    const text = JSON.stringify(rows);
    const given = HASHES.filter(([, fate]) => fate === 'wrapped').map(([, , hash]) => hash);
    for (const hash of [...given, TOO_COSTLY, UNKNOWN]) expect(text).not.toContain(JSON.stringify(hash).slice(1, -1));
    for (const name of ['costly', 'unknown', 'hook'])
      expect(await world.app.get(Credentials).hasPassword(ids.get(name)!), name).toBe(false);
    expect((await signInWith('costly@hashes.example.com', PASSWORD)).status).toBe(400);
  });
});

describe('identities, unchanged', () => {
  test('traits, metadata, states and times to the last digit', async () => {
    const traits = `{"email": "exact@example.com", "n": 12345678901234567890.10, "odd": "a?b $1 :c \\\\u0000 'q' \\"d\\" \\u202e\\ud83d\\ude00\\n", "deep": {"é": [1.50, null, {}]}, "__proto__": 1}`;
    const id = await world.kratos.add({
      traits,
      state: 'inactive',
      externalId: 'customer ?4711',
      metadataPublic: '{"n": 1.10}',
      metadataAdmin: 'null',
      createdAt: '2019-12-31 23:59:59.999999',
      verifiable: [
        { value: 'exact@example.com', verified: true },
        { value: '+41790000000', via: 'sms' },
      ],
      recovery: ['exact@example.com'],
    });
    const outcome = await world.run({ acceptLoss: ['passwords'] });
    expect(outcome.written?.identities).toBe(1);
    expect(found(outcome, 'traits_invalid')).toEqual([{ detail: '', count: 1, ids: [id] }]);
    const [row] = await world.app.sql<Record<string, unknown>>(
      `SELECT traits::text AS traits, state, external_id, metadata_public::text AS public, metadata_admin,
        created_at::timestamptz AT TIME ZONE 'UTC' = '2019-12-31 23:59:59.999999' AS same_time FROM identity WHERE id = $1`,
      [id],
    );
    const [source] = await world.kratos.sql<{ traits: string }>('SELECT traits::text FROM identities WHERE id = $1', [
      id,
    ]);
    expect(row).toEqual({
      traits: source?.traits,
      state: 'inactive',
      external_id: 'customer ?4711',
      public: '{"n": 1.10}',
      metadata_admin: null,
      same_time: true,
    });
    const { recoveryAddresses, verifiableAddresses } = await world.app.get(IdentityService).get(id);
    expect(recoveryAddresses.map(({ value, via }) => [value, via])).toEqual([['exact@example.com', 'email']]);
    expect(verifiableAddresses.map((a) => [a.value, a.via, a.verified, a.status]).sort()).toEqual([
      ['+41790000000', 'sms', false, 'sent'],
      ['exact@example.com', 'email', true, 'completed'],
    ]);
    const ids = await world.kratos.sql('SELECT id FROM identity_recovery_addresses WHERE identity_id = $1', [id]);
    expect(recoveryAddresses.map((address) => ({ id: address.id }))).toEqual(ids);
  });

  test("connections to providers are kept; the providers' tokens are not imported", async () => {
    const subject = 'AbC-Ünïque';
    const secret = 'provider-token-that-must-not-come';
    const provider = { subject, provider: 'acme', initial_access_token: secret, initial_id_token: '' };
    const credentials = [['oidc', { providers: [provider] }, [`acme:${subject}`]]] as const;
    const id = await world.kratos.add({ credentials });
    const outcome = await world.run({ acceptLoss: ['passwords'] });
    expect(found(outcome, 'provider_tokens')).toEqual([{ detail: '', count: 1, ids: [id] }]);
    const owner = await world.app.get(Connections).ownerOf('acme', subject, 'now');
    expect(owner?.identityId).toBe(id);
    expect(await world.app.get(Connections).ownerOf('acme', subject.toLowerCase(), 'now')).toBeUndefined();
    expect(await world.app.sql(`SELECT 1 FROM identity_credential WHERE config::text LIKE '%${secret}%'`)).toEqual([]);
  });

  test('code credentials of both versions keep their addresses', async () => {
    const old = await world.kratos.add({
      credentials: [['code', { address_type: 'email                ', used_at: null }, ['old@code.example.com']]],
    });
    const addresses = [{ address: 'new@code.example.com', channel: 'email', more: 1 }];
    const current = await world.kratos.add({ credentials: [['code', { addresses }, ['new@code.example.com'], 1]] });
    await world.run({ acceptLoss: ['passwords'] });
    const rows = await world.app.sql<{ identity_id: string; config: object; version: number }>(
      `SELECT identity_id, config, version FROM identity_credential WHERE type = 'code' AND identity_id = ANY($1) ORDER BY version`,
      [[old, current]],
    );
    expect(rows).toEqual([
      { identity_id: old, version: 0, config: { addresses: [{ address: 'old@code.example.com', channel: 'email' }] } },
      {
        identity_id: current,
        version: 1,
        config: { addresses: [{ address: 'new@code.example.com', channel: 'email' }] },
      },
    ]);
    expect((await world.app.get(IdentityService).findByIdentifier('NEW@code.example.com'))?.id).toBe(current);
  });

  test('an empty identity is imported too, and has no password', async () => {
    const id = await world.kratos.add({ traits: {}, availableAal: null, id: randomUUID() });
    await world.run({ acceptLoss: ['passwords'] });
    expect((await world.app.get(IdentityService).get(id)).availableAal).toBe('aal1');
    expect(await world.app.get(Passwords).verify(PASSWORD, undefined)).toBe(false);
  });
});

describe('displayed times and versions', () => {
  const at = '2024-05-06 07:08:09.123456';
  const shown = '2024-05-06T07:08:09.123456Z';
  const times = { created_at: shown, updated_at: shown };
  const email = 'times@data.example.com';
  let id: string;
  beforeAll(async () => {
    id = await world.kratos.add({
      createdAt: at,
      traits: { email },
      credentials: [
        ['password', { hashed_password: await bcrypt.hash(PASSWORD, 4) }, [email], 1],
        ['code', { address_type: 'email' }, [email]],
      ],
      recovery: [email],
      verifiable: [{ value: email, verified: true }],
    });
    await world.run({ acceptLoss: ['passwords'] });
  });

  test('are those of Kratos: microseconds, and a code credential as after its upgrade', async () => {
    const { body } = await world.app.admin().get(`/admin/identities/${id}`).expect(200);
    expect(body).toMatchObject({
      ...times,
      state_changed_at: shown,
      credentials: { password: { version: 1, ...times }, code: { version: 1, ...times } },
      recovery_addresses: [{ value: email, ...times }],
      verifiable_addresses: [{ value: email, verified_at: shown, ...times }],
    });
  });

  test.each([
    ['a credential', 'identity_credential', 'identity_id'],
    ['a recovery address', 'recovery_address', 'identity_id'],
    ['a verifiable address', 'verifiable_address', 'identity_id'],
    ['the identity', 'identity', 'id'],
  ])('a microsecond of %s is a difference', async (_, table, column) => {
    const same = async (): Promise<boolean> =>
      !found(await world.run({ acceptLoss: ['passwords'], dryRun: true }), 'exists_differently').some(({ ids }) =>
        ids.includes(id),
      );
    expect(await same()).toBe(true);
    const move = (by: string) =>
      world.app.sql(`UPDATE ${table} SET updated_at = updated_at + $2::interval WHERE ${column} = $1`, [id, by]);
    await move('1 microsecond');
    expect(await same()).toBe(false);
    await move('-1 microsecond');
  });
});
