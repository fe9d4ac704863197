import { randomUUID } from 'node:crypto';
import bcrypt from 'bcrypt';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { IdentityService } from '../../src/identity/index.js';
import { beginNative, send } from '../support/login-steps.js';
import { expectMoved, found, move, type Move } from './kratos-import.support.js';

let world: Move;
beforeAll(async () => {
  world = await move();
});
afterAll(() => world.stop());
afterEach(() => world.reset());

const HASH = bcrypt.hashSync('correct horse', 8);
const person = (email: string, more = {}): Promise<string> => world.kratos.addWithHash(email, HASH, more);
const identifiersOf = async (id: string): Promise<string[]> =>
  (
    await world.app.sql<{ value: string }>(
      `SELECT type || ' ' || value AS value FROM credential_identifier WHERE identity_id = $1
       UNION ALL SELECT 'recovery ' || value FROM recovery_address WHERE identity_id = $1
       UNION ALL SELECT 'verifiable ' || value FROM verifiable_address WHERE identity_id = $1`,
      [id],
    )
  )
    .map(({ value }) => value)
    .sort();

describe('networks', () => {
  test('of several networks with identities, one must be chosen; the others stay behind', async () => {
    const other = await world.kratos.addNetwork(randomUUID());
    const here = await person('here@example.com');
    const there = await person('here@example.com', { network: other });
    const undecided = await world.run();
    expect(undecided).toMatchObject({ result: 'undecided', plan: { blockers: [{ reason: 'choose_network' }] } });
    expect(undecided.plan.networks).toEqual(
      expect.arrayContaining([
        { id: world.kratos.network, identities: 1 },
        { id: other, identities: 1 },
      ]),
    );
    expect(await world.count('identity')).toBe(0);
    expectMoved(await world.run({ network: other.toUpperCase() }), 1);
    expect(await world.app.sql('SELECT id FROM identity')).toEqual([{ id: there }]);
    expect(here).not.toBe(there);
  });

  test('a network without identities needs no choice', async () => {
    await world.kratos.addNetwork(randomUUID());
    await person('one@example.com');
    expectMoved(await world.run(), 1);
  });

  test('a network that the source does not have', async () => {
    await person('one@example.com');
    expect(await world.run({ network: randomUUID() })).toMatchObject({
      result: 'undecided',
      plan: { blockers: [{ reason: 'unknown_network' }] },
    });
  });

  test('an empty source is imported at once', async () => {
    expectMoved(await world.run(), 0);
  });
});

test('an unconfigured schema stops the import and shows how many identities use it', async () => {
  await person('one@example.com');
  await person('two@example.com', { schema: 'customer' });
  const outcome = await world.run();
  expect(outcome.plan.schemas).toEqual([
    { id: 'customer', identities: 1, known: false },
    { id: 'person', identities: 1, known: true },
  ]);
  expect(outcome.plan.blockers).toEqual([{ reason: 'unknown_schemas', text: expect.stringContaining('customer (1)') }]);
  expect(await world.count('identity')).toBe(0);
});

describe('a password without an identifier', () => {
  const hash = { hashed_password: HASH };

  test("is imported and reported by its identity's id; one with an identifier, or without a hash, is not reported", async () => {
    const named = await person('named@example.com');
    const nameless = await person('nameless@example.com', { credentials: [['password', hash, []]] });
    const invisible = await person('invisible@example.com', { credentials: [['password', hash, ['\u200b']]] });
    await person('empty@example.com', { credentials: [['password', {}, []]] });
    const outcome = await world.run({ acceptLoss: ['identifiers'] });
    const ids = [nameless, invisible].sort();
    expect(found(outcome, 'password_without_identifier')).toEqual([{ detail: '', count: 2, ids }]);
    expectMoved(outcome, 4);
    const kept = await world.app.sql<{ identity_id: string }>(
      `SELECT identity_id FROM identity_credential WHERE type = 'password' ORDER BY identity_id`,
    );
    expect(kept.map(({ identity_id }) => identity_id)).toEqual([named, ...ids].sort());
  });

  test('also if another identity keeps the identifier', async () => {
    const older = await world.kratos.addWithHash('straße@example.com', HASH, { createdAt: '2020-01-01 00:00:00' });
    const younger = await world.kratos.addWithHash('strasse@example.com', HASH);
    const outcome = await world.run({ acceptLoss: ['collisions'] });
    expect(found(outcome, 'password_without_identifier').map(({ ids }) => ids)).toEqual([[younger]]);
    expect(await identifiersOf(older)).toContain('password straße@example.com');
  });
});

describe('credentials whose secrets cannot be stored here', () => {
  const key = (passwordless: boolean) => ({ credentials: [{ id: 'a2V5', is_passwordless: passwordless }] });

  test('are counted by type, and each type must be named before it is left behind', async () => {
    const ids = {
      totp: await person('totp@example.com', { credentials: [['totp', { totp_url: 'otpauth://totp/x' }, ['x']]] }),
      codes: await person('codes@example.com', {
        credentials: [['lookup_secret', { recovery_codes: [{ code: 'abcd' }] }, ['y']]],
      }),
      key: await person('key@example.com', { credentials: [['webauthn', key(false), ['key@example.com']]] }),
      alone: await person('alone@example.com', { credentials: [['webauthn', key(true), ['alone@example.com']]] }),
      passkey: await person('passkey@example.com', { credentials: [['passkey', key(true), ['handle']]] }),
      saml: await person('saml@example.com', { credentials: [['saml', { providers: [{ subject: 's' }] }, ['idp:s']]] }),
      later: await person('later@example.com', { credentials: [['thing_of_tomorrow', { secret: 1 }, ['z']]] }),
      told: await person('told@example.com', { availableAal: 'aal2' }),
      empty: await person('empty@example.com', {
        credentials: [
          ['totp', {}, []],
          ['webauthn', { credentials: [] }, ['empty@example.com']],
          ['lookup_secret', {}],
        ],
      }),
    };
    const types = ['lookup_secret', 'passkey', 'saml', 'thing_of_tomorrow', 'totp', 'webauthn'];
    const undecided = await world.run();
    expect(undecided.plan.blockers.map(({ accept }) => accept).sort()).toEqual(types);
    expect(found(undecided, 'credential_not_brought')).toEqual([
      { detail: 'lookup_secret', count: 1, ids: [ids.codes] },
      { detail: 'passkey', count: 1, ids: [ids.passkey] },
      { detail: 'saml', count: 1, ids: [ids.saml] },
      { detail: 'thing_of_tomorrow', count: 1, ids: [ids.later] },
      { detail: 'totp', count: 1, ids: [ids.totp] },
      { detail: 'webauthn', count: 2, ids: [ids.key, ids.alone].sort() },
    ]);
    expect(found(undecided, 'credential_empty').map(({ detail, ids: who }) => [detail, ...who])).toEqual([
      ['lookup_secret', ids.empty],
      ['totp', ids.empty],
      ['webauthn', ids.empty],
    ]);
    const factors = [ids.totp, ids.codes, ids.key, ids.told];
    expect(found(undecided, 'second_factor')).toEqual([
      { detail: '', count: 4, ids: [...factors].sort() },
      { detail: 'lookup_secret', count: 1, ids: [ids.codes] },
      { detail: 'totp', count: 1, ids: [ids.totp] },
      { detail: 'unnamed', count: 1, ids: [ids.told] },
      { detail: 'webauthn', count: 1, ids: [ids.key] },
    ]);
    expect(undecided.plan.secondFactor).toBe('refuse');
    expect((await world.run({ acceptLoss: types.slice(1) })).plan.blockers.map(({ accept }) => accept)).toEqual([
      types[0],
    ]);
    expect(await world.count('identity')).toBe(0);

    expectMoved(await world.run({ acceptLoss: types }), 9);
    const aal2 = await world.app.sql<{ id: string }>(
      `SELECT id FROM identity WHERE available_aal = 'aal2' ORDER BY id`,
    );
    expect(aal2.map(({ id }) => id)).toEqual([...factors].sort());
    const marks = `SELECT type, config FROM identity_credential WHERE type <> 'password' ORDER BY type`;
    expect(await world.app.sql(marks)).toEqual(
      ['lookup_secret', 'totp', 'webauthn'].map((type) => ({ type, config: { imported: true } })),
    );
  });

  test('a person whose second factor cannot be checked cannot sign in with a password alone', async () => {
    const password = ['password', { hashed_password: HASH }, ['both@example.com']] as const;
    await person('both@example.com', { credentials: [password, ['totp', { totp_url: 'otpauth://totp/x' }, ['x']]] });
    expectMoved(await world.run({ acceptLoss: ['totp'] }), 1);
    const form = { method: 'password', identifier: 'both@example.com', password: 'correct horse' };
    const answer = await send(world.app, await beginNative(world.app), form);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toHaveProperty('session_token');
  });
});

describe('identifiers that are equal here', () => {
  test('the older identity keeps it, the newer one is imported without, and the operator must agree', async () => {
    const times = ['2020-01-01', '2021-01-01'] as const;
    const older = await person('strasse@example.com', { createdAt: times[0] });
    const younger = await person('straße@example.com', { createdAt: times[1] });
    const [wide, plain] = [
      await person('ｗｉｄｅ@example.com', { createdAt: times[0] }),
      await person('wide@example.com', { createdAt: times[1] }),
    ];
    const undecided = await world.run();
    expect(undecided.plan.blockers).toEqual([
      { reason: 'loss', accept: 'collisions', text: '6 × collisions would be left behind.' },
    ]);
    const losers = [younger, plain].sort();
    expect(found(undecided, 'collision')).toEqual([
      { detail: 'identifier', count: 2, ids: losers },
      { detail: 'recovery address', count: 2, ids: losers },
      { detail: 'verifiable address', count: 2, ids: losers },
    ]);
    expect(JSON.stringify(undecided)).not.toContain('example.com');

    expectMoved(await world.run({ acceptLoss: ['collisions'] }), 4);
    for (const id of losers) expect(await identifiersOf(id)).toEqual([]);
    expect(await identifiersOf(older)).toEqual([
      'password strasse@example.com',
      'recovery strasse@example.com',
      'verifiable strasse@example.com',
    ]);
    expect((await world.app.get(IdentityService).findByIdentifier('STRASSE@example.com'))?.id).toBe(older);
    expect((await world.app.get(IdentityService).findByIdentifier('wide@example.com'))?.id).toBe(wide);
  });

  test('a phone number grouped differently by two identities is found before anything is written', async () => {
    const login = (value: string) => ({ credentials: [['password', { hashed_password: HASH }, [value]]] as const });
    const older = await person('a@example.com', { ...login('+1-555-123-4567'), createdAt: '2020-01-01' });
    const younger = await person('b@example.com', { ...login('+15551234567'), createdAt: '2021-01-01' });
    const undecided = await world.run();
    expect(found(undecided, 'collision')).toEqual([{ detail: 'identifier', count: 1, ids: [younger] }]);
    expectMoved(await world.run({ acceptLoss: ['collisions'] }), 2);
    expect(await identifiersOf(older)).toContain('password +1-555-123-4567');
    expect(await identifiersOf(younger)).not.toContain('password +15551234567');
  });

  test('an identity that already exists keeps its identifiers and addresses', async () => {
    const mine = await world.app
      .get(IdentityService)
      .create({ traits: { email: 'mine@example.com' }, externalId: 'c-1' });
    const id = await person('mine@example.com', { externalId: 'c-1' });
    const undecided = await world.run();
    expect(found(undecided, 'collision').map(({ detail, ids }) => [detail, ...ids])).toEqual([
      ['external id', id],
      ['identifier', id],
      ['recovery address', id],
      ['verifiable address', id],
    ]);
    expectMoved(await world.run({ acceptLoss: ['collisions'] }), 1);
    expect(await identifiersOf(id)).toEqual([]);
    expectMoved(await world.run({ acceptLoss: ['collisions'] }), 0);
    expect((await world.app.get(IdentityService).findByIdentifier('mine@example.com'))?.id).toBe(mine.id);
    expect((await world.app.get(IdentityService).findByExternalId('c-1'))?.id).toBe(mine.id);
  });

  test("an identity's two spellings become one; empty and oversized identifiers stay behind", async () => {
    const blown = '\ufdfa'.repeat(100);
    const credentials = [['password', { hashed_password: HASH }, ['oﬃce', 'office', '\u200b', blown]]] as const;
    const id = await person('twice@example.com', { credentials, recovery: [blown], externalId: 'x'.repeat(255) });
    const undecided = await world.run();
    expect(undecided.plan.blockers.map(({ accept }) => accept)).toEqual(['identifiers']);
    expect(found(undecided, 'merged')).toEqual([{ detail: 'password', count: 1, ids: [id] }]);
    expect(found(undecided, 'identifier_not_brought').map(({ detail }) => detail)).toEqual([
      'password',
      'recovery address',
    ]);
    expectMoved(await world.run({ acceptLoss: ['identifiers'] }), 1);
    expect(await identifiersOf(id)).toHaveLength(2);
    expect((await world.app.get(IdentityService).findByIdentifier('OFFICE'))?.id).toBe(id);
  });
});

test('an organization is reported and does not stop the import', async () => {
  const id = await person('b2b@example.com', { organization: randomUUID() });
  const outcome = await world.run();
  expectMoved(outcome, 1);
  expect(found(outcome, 'organization')).toEqual([{ detail: '', count: 1, ids: [id] }]);
});

test('a dry run reports the same and writes nothing', async () => {
  await person('dry@example.com');
  const outcome = await world.run({ dryRun: true });
  expect(outcome).toMatchObject({ result: 'done', plan: { identities: { fresh: 1 }, blockers: [] } });
  expect(outcome.written).toBeUndefined();
  expect(await world.count('identity')).toBe(0);
  expect(await world.count('kratos_import')).toBe(0);
});

test('an existing identity with other data is left unchanged and reported', async () => {
  const [same, other] = [await person('same@example.com'), await person('other@example.com')];
  expectMoved(await world.run(), 2);
  await world.app.get(IdentityService).setState(other, 'inactive');
  expect((await world.run({ dryRun: true })).result).toBe('different');
  const again = await world.run();
  expect(again).toMatchObject({
    result: 'different',
    written: { identities: 0 },
    plan: { identities: { earlier: 1, different: 1 } },
  });
  expect(found(again, 'exists_differently')).toEqual([{ detail: '', count: 1, ids: [other] }]);
  expect(again.verification?.different).toEqual([{ id: other, parts: ['identity'] }]);
  expect((await world.app.get(IdentityService).get(other)).state).toBe('inactive');
  expect((await world.app.get(IdentityService).get(same)).state).toBe('active');
});
