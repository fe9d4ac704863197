import { randomUUID } from 'node:crypto';
import bcrypt from 'bcrypt';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Credentials } from '../../src/identity/privileged.js';
import { IdentityService } from '../../src/identity/index.js';
import { Database } from '../../src/platform/database/index.js';
import type { KratosCredentialRow } from '../support/kratos-database.js';
import { expectMoved, found, move, type Move } from './kratos-import.support.js';

let world: Move;
beforeAll(async () => {
  world = await move();
});
afterAll(() => world.stop());
afterEach(() => world.reset());

const HASH = bcrypt.hashSync('correct horse', 8);
const FACTORS = {
  totp: ['totp', { totp_url: 'otpauth://totp/kratos?secret=SEEDOFTHEAPP' }, ['subject-of-totp'], 3],
  lookup_secret: ['lookup_secret', { recovery_codes: [{ code: 'code-on-paper' }] }, ['subject-of-lookup'], 1],
  webauthn: [
    'webauthn',
    {
      credentials: [{ id: 'a2V5', public_key: 'KEYMATERIAL', is_passwordless: false, display_name: 'my yellow key' }],
      user_handle: 'HANDLE',
    },
    ['subject-of-key'],
    1,
  ],
} as const satisfies Record<string, KratosCredentialRow>;
type Factor = keyof typeof FACTORS;
const TYPES = Object.keys(FACTORS) as Factor[];
const ACCEPTED = { acceptLoss: TYPES };

const guarded = (email: string, ...types: Factor[]): Promise<string> =>
  world.kratos.addWithHash(email, HASH, {
    availableAal: 'aal2',
    credentials: [
      ['password', { hashed_password: HASH }, [email]],
      ...types.map((type): KratosCredentialRow => {
        const [name, config, [subject], version] = FACTORS[type];
        return [name, config, [`${subject} ${email}`], version];
      }),
    ],
  });
const marks = (): Promise<{ identity_id: string; type: string; config: object }[]> =>
  world.app.sql(`SELECT identity_id, type, config FROM identity_credential WHERE type <> 'password' ORDER BY type`);
const aalOf = async (id: string): Promise<string> => (await world.app.get(IdentityService).get(id)).availableAal;
const remove = (id: string, type: string) => world.app.admin().delete(`/admin/identities/${id}/credentials/${type}`);
const actionsOn = async (id: string): Promise<string[]> =>
  (
    await world.app.sql<{ action: string }>('SELECT action FROM audit_event WHERE target_id = $1 ORDER BY id', [id])
  ).map(({ action }) => action);
/** The database as imports left it before they marked second factors. */
const asBefore = () => world.app.sql(`DELETE FROM identity_credential WHERE type = ANY($1)`, [TYPES]);

describe('the import of a second factor', () => {
  test('gives a row with the id and times from Kratos, without secret, name and identifier', async () => {
    const id = await guarded('all@example.com', ...TYPES);
    const outcome = await world.run(ACCEPTED);
    expectMoved(outcome, 1);
    expect(outcome.written?.secondFactors).toBe(3);
    expect(await marks()).toEqual(
      ['lookup_secret', 'totp', 'webauthn'].map((type) => ({ identity_id: id, type, config: { imported: true } })),
    );
    const same = `SELECT id, version, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS at`;
    const [here] = await world.app.sql(`${same} FROM identity_credential WHERE type = 'totp'`);
    const there = await world.kratos.sql(`${same.replace(` AT TIME ZONE 'UTC'`, '')} FROM identity_credentials
      WHERE identity_credential_type_id = (SELECT id FROM identity_credential_types WHERE name = 'totp')`);
    expect([here]).toEqual(there);

    const everything = await world.app.sql(
      `SELECT to_jsonb(c)::text FROM identity_credential c UNION ALL SELECT to_jsonb(i)::text FROM credential_identifier i`,
    );
    expect(JSON.stringify(everything)).toContain('all@example.com');
    expect(JSON.stringify(everything)).not.toMatch(/SEEDOFTHEAPP|code-on-paper|KEYMATERIAL|HANDLE|yellow|subject-of/);
    for (const [, , [subject]] of Object.values(FACTORS))
      expect(await world.app.get(IdentityService).findByIdentifier(`${subject} all@example.com`)).toBe(undefined);
    expect(await world.app.get(Credentials).identifiersOf(id)).toEqual(['all@example.com']);
  });

  test('is counted by type and once per person; a person with only a known level is counted separately', async () => {
    const two = await guarded('two@example.com', 'totp', 'lookup_secret');
    const one = await guarded('one@example.com', 'totp');
    const told = await guarded('told@example.com');
    const { plan } = await world.run({ dryRun: true });
    expect(found({ result: 'done', plan }, 'second_factor')).toEqual([
      { detail: '', count: 3, ids: [two, one, told].sort() },
      { detail: 'lookup_secret', count: 1, ids: [two] },
      { detail: 'totp', count: 2, ids: [two, one].sort() },
      { detail: 'unnamed', count: 1, ids: [told] },
    ]);
    expect(plan.blockers.map(({ accept }) => accept)).toEqual(['lookup_secret', 'totp']);
  });

  test('ignores rows without a secret, passwordless keys, and types that are not second factors', async () => {
    const key = { credentials: [{ id: 'a2V5', is_passwordless: true }] };
    const id = await world.kratos.add({
      credentials: [
        ['totp', {}, []],
        ['lookup_secret', { recovery_codes: [] }],
        ['webauthn', key, ['x']],
        ['passkey', key, ['y']],
      ],
    });
    expectMoved(await world.run({ acceptLoss: ['webauthn', 'passkey'] }), 1);
    expect(await marks()).toEqual([]);
    expect(await aalOf(id)).toBe('aal1');
    expect((await remove(id, 'webauthn')).status).toBe(404);
  });

  test('merges two rows of one type', async () => {
    await world.kratos.add({ credentials: [FACTORS.totp, ['totp', { totp_url: 'otpauth://totp/other' }, ['o']]] });
    expectMoved(await world.run(ACCEPTED), 1);
    expect(await marks()).toHaveLength(1);
  });

  test('is audited with the number imported and what was actually left behind', async () => {
    await guarded('audited@example.com', 'totp');
    const { written } = await world.run(ACCEPTED);
    const sql = `SELECT reason FROM audit_event WHERE target_id = $1 AND action = 'identities.imported_from_kratos'`;
    expect(await world.app.sql(sql, [written?.run])).toEqual([
      {
        reason: `1 identities and 0 sessions from network ${world.kratos.network}; 1 second factors without their secrets; 1 of 1 verified; left behind: 1 × totp`,
      },
    ]);
  });
});

describe('removal by an administrator', () => {
  test.each(TYPES)('%s, the only one: lowers the level', async (type) => {
    const id = await guarded('only@example.com', type);
    await world.run(ACCEPTED);
    expect((await remove(id, type)).status).toBe(204);
    expect([await marks(), await aalOf(id)]).toEqual([[], 'aal1']);
    expect(await actionsOn(id)).toEqual([`credentials.${type}.deleted`]);
    expect((await remove(id, type)).status).toBe(404);
    expect(await actionsOn(id)).toHaveLength(1);
  });

  test('one of two: keeps the level, and only its own name removes it', async () => {
    const id = await guarded('both@example.com', 'totp', 'lookup_secret');
    await world.run(ACCEPTED);
    expect((await remove(id, 'totp')).status).toBe(204);
    for (const gone of ['totp', 'webauthn']) expect((await remove(id, gone)).status).toBe(404);
    expect(await aalOf(id)).toBe('aal2');
    expect((await remove(id, 'lookup_secret')).status).toBe(204);
    expect(await aalOf(id)).toBe('aal1');
  });

  test('if only the level is known: works with any name, and the audit trail names none', async () => {
    const id = await guarded('told@example.com');
    expectMoved(await world.run(), 1);
    expect(await aalOf(id)).toBe('aal2');
    for (const type of ['nope', 'passkey', 'second_factor']) expect((await remove(id, type)).status).toBe(404);
    expect((await remove(id, 'totp')).status).toBe(204);
    expect(await aalOf(id)).toBe('aal1');
    expect(await actionsOn(id)).toEqual(['credentials.second_factor.deleted']);
    expect((await remove(id, 'totp')).status).toBe(404);
  });

  test('lasts through the next import', async () => {
    const [one, two] = [await guarded('gone@example.com', 'totp'), await guarded('half@example.com', ...TYPES)];
    await world.run(ACCEPTED);
    await remove(one, 'totp');
    await remove(two, 'totp');
    const before = await marks();
    const again = await world.run(ACCEPTED);
    expect([await marks(), await aalOf(one)]).toEqual([before, 'aal1']);
    expect(again.written?.secondFactors).toBe(0);
    expect(again.verification?.different).toEqual(
      [
        { id: one, parts: ['identity', 'credentials'] },
        { id: two, parts: ['credentials'] },
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
    expect(found(again, 'exists_differently').flatMap(({ ids }) => ids)).toEqual([one, two].sort());
  });
});

describe('again', () => {
  test('a repeated import adds nothing and finds everything equal', async () => {
    await guarded('again@example.com', ...TYPES);
    await world.run(ACCEPTED);
    const before = await marks();
    const again = await world.run(ACCEPTED);
    expectMoved(again, 0);
    expect(again.plan.identities).toEqual({ fresh: 0, earlier: 1, different: 0 });
    expect(again.written?.secondFactors).toBe(0);
    expect(await marks()).toEqual(before);
  });

  test('adds what an earlier import left out, and only that', async () => {
    const ids = [await guarded('a@example.com', 'totp'), await guarded('b@example.com', 'totp', 'webauthn')];
    await world.run(ACCEPTED);
    const before = await marks();
    await asBefore();
    await guarded('fresh@example.com', 'lookup_secret');
    const again = await world.run(ACCEPTED);
    expectMoved(again, 1);
    expect(again.plan.identities).toEqual({ fresh: 1, earlier: 2, different: 0 });
    expect(again.written?.secondFactors).toBe(4);
    expect((await marks()).filter(({ identity_id }) => ids.includes(identity_id))).toEqual(before);
  });

  test('also adds it to an existing identity with other data, which stays unchanged', async () => {
    const id = await guarded('changed@example.com', 'totp');
    await world.run(ACCEPTED);
    await asBefore();
    await world.app.get(IdentityService).setState(id, 'inactive');
    const again = await world.run(ACCEPTED);
    expect(again).toMatchObject({ result: 'different', written: { identities: 0, secondFactors: 1 } });
    expect(again.verification?.different).toEqual([{ id, parts: ['identity'] }]);
    expect((await world.app.get(IdentityService).get(id)).state).toBe('inactive');
  });

  test('can be removed without another import as well', async () => {
    const id = await guarded('old@example.com', 'webauthn');
    await world.run(ACCEPTED);
    await asBefore();
    expect((await remove(id, 'webauthn')).status).toBe(204);
    expect(await aalOf(id)).toBe('aal1');
  });

  test('a removal during the import wins', async () => {
    const id = await guarded('race@example.com', 'totp');
    await world.run(ACCEPTED);
    await asBefore();
    const factor = {
      id: randomUUID(),
      identityId: id,
      type: 'totp',
      config: { imported: true },
      version: 0,
      createdAt: '2024-01-01T00:00:00Z',
      updatedAt: '2024-01-01T00:00:00Z',
      identifiers: [],
    };
    const db = world.app.get(Database);
    const lowered = Promise.withResolvers<void>();
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    const holding = db.transaction(async (em) => {
      const lower = `UPDATE identity SET available_aal = 'aal1' WHERE id = ?`;
      await em.getConnection().execute(lower, [id], 'run', em.getTransactionContext());
      lowered.resolve();
      await expect.poll(async () => (await world.app.sql(waiting)).length).toBe(1);
    });
    await lowered.promise;
    const added = db.transaction((em) => world.app.get(Credentials).addMissingSecondFactors(em, [factor]));
    await holding;
    expect(await added).toBe(0);
    expect(await marks()).toEqual([]);
  });
});

test('a missing or extra row is found by the verification', async () => {
  const [one, two] = [await guarded('missing@example.com', 'totp', 'webauthn'), await guarded('more@example.com')];
  await world.run(ACCEPTED);
  await world.app.sql(`DELETE FROM identity_credential WHERE type = 'totp'`);
  await world.app.sql(
    `INSERT INTO identity_credential (id, identity_id, type, config) VALUES (gen_random_uuid(), $1, 'totp', '{"totp_url": "x"}')`,
    [two],
  );
  const again = await world.run(ACCEPTED);
  expect(again.verification?.different).toEqual([one, two].sort().map((id) => ({ id, parts: ['credentials'] })));
});
