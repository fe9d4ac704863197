import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { identityFromJson, IdentityService, type IdentityView, TraitsInvalid } from '../../src/identity/index.js';
import { PASSWORD_FOR } from '../../src/identity/hot/find-password.js';
import { Credentials, Passwords } from '../../src/identity/privileged.js';
import { identityJson } from '../../src/identity/sql.js';
import { Database } from '../../src/platform/database/index.js';
import { startTestApp, type TestApp } from '../support/app.js';

const UNKNOWN = 'b0000000-0000-4000-8000-00000000000b';
const via = { verification: { via: 'email' }, recovery: { via: 'email' } };
const password = { password: { identifier: true } };
const PERSON = {
  properties: {
    traits: {
      type: 'object',
      properties: {
        email: {
          type: 'string',
          format: 'email',
          'ory.sh/kratos': { credentials: { ...password, code: { identifier: true, via: 'email' } }, ...via },
        },
        second: { type: 'string', format: 'email', 'ory.sh/kratos': { credentials: {}, ...via } },
        username: { type: 'string', 'ory.sh/kratos': { credentials: password } },
        phone: {
          type: 'string',
          'ory.sh/kratos': { credentials: password, verification: { via: 'sms' }, recovery: { via: 'sms' } },
        },
        name: { type: 'string', maxLength: 20 },
      },
      additionalProperties: false,
    },
  },
};

let app: TestApp;
let identities: IdentityService;
let credentials: Credentials;
let passwords: Passwords;
let count = 0;
let email: string;
let person: IdentityView;

beforeAll(async () => {
  const url = `base64://${Buffer.from(JSON.stringify(PERSON)).toString('base64')}`;
  const schemas = { default_schema_id: 'person', schemas: [{ id: 'person', url }] };
  const regain = { database: { pool: 20 } }; // waiting for each other must not mean waiting for a connection too
  app = await startTestApp({ config: { identity: schemas, regain } });
  [identities, credentials, passwords] = [app.get(IdentityService), app.get(Credentials), app.get(Passwords)];
});
afterAll(() => app.stop());
beforeEach(async () => {
  email = `person.in.${++count}@example.com`;
  person = await identities.create({ traits: { email, name: 'Ada' }, password: 'correct horse' });
});

const setPassword = (id: string, hash: string) =>
  app.get(Database).transaction((em) => credentials.setPassword(em, id, hash));
const actions = async (id: string) =>
  (await app.sql<{ action: string }>('SELECT action FROM audit_event WHERE target_id = $1 ORDER BY id', [id])).map(
    (row) => row.action,
  );

describe('updateTraits', () => {
  const allowed = { allowIdentifierChange: true };
  const forbidden = { allowIdentifierChange: false };

  test('plain traits need no privileged session, and leave identifiers and addresses unchanged', async () => {
    const updated = await identities.updateTraits(person.id, { email, name: 'Grace' }, forbidden);
    expect(updated.traits).toEqual({ email, name: 'Grace' });
    expect(updated.updatedAt.getTime()).toBeGreaterThanOrEqual(person.updatedAt.getTime());
    expect(updated.recoveryAddresses).toEqual(person.recoveryAddresses);
    expect(updated.verifiableAddresses).toEqual(person.verifiableAddresses);
    expect(await actions(person.id)).toEqual(['identity.created', 'identity.updated']);
  });

  test.each([
    ['another identifier', { email: 'moved@example.com' }],
    ['an additional identifier', { username: 'ada' }],
    ['an additional address', { second: 'second@example.com' }],
    ['no address', { email: undefined }],
  ])('%s needs a privileged session', async (_, change) => {
    const traits = JSON.parse(JSON.stringify({ email, name: 'Ada', ...change })) as Record<string, unknown>;
    await expect(identities.updateTraits(person.id, traits, forbidden)).rejects.toMatchObject({
      name: 'PrivilegedFieldChanged',
      status: 403,
    });
    expect(await identities.get(person.id)).toEqual(person);
    expect(await actions(person.id)).toEqual(['identity.created']);
  });

  test('after a change of identifier, only the new one finds the identity, and its password stays', async () => {
    const moved = `moved.${email}`;
    const updated = await identities.updateTraits(
      person.id,
      { email: moved, username: 'Ada' + String(count) },
      allowed,
    );
    expect(updated.recoveryAddresses.map(({ value }) => value)).toEqual([moved]);
    expect(updated.verifiableAddresses).toMatchObject([{ value: moved, verified: false, status: 'pending' }]);
    expect(await identities.findByIdentifier(email)).toBeUndefined();
    expect((await identities.findByIdentifier(moved))?.id).toBe(person.id);
    expect(await credentials.identifiersOf(person.id)).toEqual([moved, `ada${count}`]);
    const found = await credentials.passwordFor(`ADA${count}`);
    expect(await passwords.verify('correct horse', found?.hash)).toBe(true);
  });

  /** A verified flag that survives a change of address would trust an address that nobody has proved. */
  test('an unchanged address keeps its row; one that is removed and added again is not verified', async () => {
    await app.sql(`UPDATE verifiable_address SET verified = true, status = 'completed' WHERE identity_id = $1`, [
      person.id,
    ]);
    const kept = await identities.updateTraits(person.id, { email, second: `second.${email}` }, allowed);
    const first = kept.verifiableAddresses.find(({ value }) => value === email);
    expect(first).toMatchObject({ id: person.verifiableAddresses[0]?.id, verified: true });
    await identities.updateTraits(person.id, {}, allowed);
    const back = await identities.updateTraits(person.id, { email }, allowed);
    expect(back.verifiableAddresses).toMatchObject([{ value: email, verified: false, status: 'pending' }]);
  });

  /** Both addresses compare as equal but are two mailboxes. A schema without a format accepts both. */
  test('an address with a new spelling does not count as proved', async () => {
    const at = (value: string) =>
      app.sql(
        `UPDATE verifiable_address SET verified = true, status = 'completed', verified_at = now(), value = $2
         WHERE identity_id = $1`,
        [person.id, value],
      );
    await at(email);
    const kept = await identities.updateTraits(
      person.id,
      { email: email.toUpperCase(), username: `u${count}` },
      allowed,
    );
    expect(kept.verifiableAddresses).toMatchObject([{ value: email, verified: true, status: 'completed' }]);
    await at(email.replace('i', 'ı'));
    const respelled = await identities.updateTraits(person.id, { email }, allowed);
    expect(respelled.verifiableAddresses).toMatchObject([
      { value: email, verified: false, status: 'pending', verifiedAt: null },
    ]);
  });

  test("a provider's name for the person does not become a trait", async () => {
    await app.sql(
      `WITH c AS (INSERT INTO identity_credential (id, identity_id, type) VALUES (gen_random_uuid(), $1, 'oidc') RETURNING id)
       INSERT INTO credential_identifier (id, credential_id, identity_id, type, value, normalized)
       SELECT gen_random_uuid(), id, $1, 'oidc', $2, $2 FROM c`,
      [person.id, `acme:${email}`],
    );
    await identities.updateTraits(person.id, { email, name: 'Grace' }, forbidden);
    await identities.updateTraits(person.id, { email: `moved.${email}` }, allowed);
    expect((await identities.findByIdentifier(`acme:${email}`))?.id).toBe(person.id);
  });

  test("another person's identifier or address is rejected, and nothing changes", async () => {
    const other = `other.${email}`;
    await identities.create({ traits: { email: other } });
    for (const traits of [{ email: other }, { email, second: other }, { email, username: other.toUpperCase() }])
      await expect(identities.updateTraits(person.id, traits, allowed)).rejects.toMatchObject({
        name: 'IdentityTaken',
        status: 409,
      });
    expect(await identities.get(person.id)).toEqual(person);
    expect(await credentials.identifiersOf(person.id)).toEqual([email]);
  });

  test('traits that violate the schema are rejected field by field', async () => {
    const error = await identities
      .updateTraits(person.id, { email: 'nope', name: 'x'.repeat(21) }, allowed)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TraitsInvalid);
    expect((error as TraitsInvalid).violations.map(({ field }) => field)).toEqual(['traits.email', 'traits.name']);
  });

  test('an unknown identity is not found', async () => {
    await expect(identities.updateTraits(UNKNOWN, {}, allowed)).rejects.toMatchObject({ status: 404 });
  });

  /** When two tabs save at once, the result must not mix one's address with the other's identifier. */
  test('parallel changes end in one of them, complete', async () => {
    const to = Array.from({ length: 8 }, (_, i) => ({ email: `tab${i}.${email}`, username: `tab${i}.${count}` }));
    await Promise.all(to.map((traits) => identities.updateTraits(person.id, traits, allowed)));
    const { traits, recoveryAddresses, verifiableAddresses } = await identities.get(person.id);
    expect(recoveryAddresses.map(({ value }) => value)).toEqual([traits['email']]);
    expect(verifiableAddresses.map(({ value }) => value)).toEqual([traits['email']]);
    expect(await credentials.identifiersOf(person.id)).toEqual([traits['email'], traits['username']]);
  });

  test('two parallel changes to the same identifier: one succeeds', async () => {
    const others = await Promise.all(
      [1, 2, 3, 4].map((i) => identities.create({ traits: { email: `r${i}.${email}` } })),
    );
    const wanted = { email: `wanted.${email}` };
    const results = await Promise.allSettled(others.map(({ id }) => identities.updateTraits(id, wanted, allowed)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ status: 409 });
  });
});

describe("two that want each other's identifier", () => {
  const traitsOf = (side: string, round: number) => ({
    email: `${side}${round}.${email}`,
    username: `${side}${round}.${count}`,
    second: `second.${side}${round}.${email}`,
  });
  const answers = async (changes: readonly Promise<unknown>[]) => {
    const results = await Promise.allSettled(changes);
    return results.map((r) => (r.status === 'fulfilled' ? 200 : (r.reason as { status: number }).status));
  };

  /** Each used to wait for a row of the other until PostgreSQL ended one of them with a deadlock: 503. */
  test('are told that it is taken, or get it, in every order and however often', async () => {
    for (let round = 0; round < 6; round++) {
      const make = (side: string) =>
        identities.create({ traits: traitsOf(side, round), externalId: `${side}.${round}.${count}` });
      const [a, b] = [await make('a'), await make('b')];
      const swap = (view: IdentityView, side: string, order: 1 | -1) =>
        identities.update(view.id, () => ({
          traits: Object.fromEntries(Object.entries(traitsOf(side, round)).toSorted(() => order)),
          metadataPublic: null,
          metadataAdmin: null,
          externalId: `${side}.${round}.${count}`,
        }));
      const statuses = await answers([
        ...[1, 2, 3].flatMap(() => [swap(a, 'b', 1), swap(b, 'a', -1), swap(a, 'c', 1), swap(b, 'd', -1)]),
        identities.updateTraits(a.id, traitsOf('b', round), { allowIdentifierChange: true }),
        identities.create({ traits: { ...traitsOf('a', round), username: `b${round}.${count}` } }),
        identities.create({ traits: { ...traitsOf('b', round), username: `a${round}.${count}` } }),
      ]);
      expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
      expect(statuses).toContain(200);
    }
  });
});

describe('an address that mail cannot reach', () => {
  test('is stored, shown and found as it is; mail still goes only to the others', async () => {
    const number = `+49 (176) 67${100_000 + count}`;
    const dialled = number.replaceAll(/[^+0-9]/g, '');
    const view = await identities.create({ traits: { email: `phone.${email}`, phone: number } });
    expect(view.recoveryAddresses.map((a) => [a.via, a.value]).sort()).toEqual([
      ['email', `phone.${email}`],
      ['sms', dialled],
    ]);
    expect(view.verifiableAddresses.map((a) => [a.via, a.value, a.verified]).sort()).toEqual([
      ['email', `phone.${email}`, false],
      ['sms', dialled, false],
    ]);
    expect((await identities.findByIdentifier(dialled))?.id).toBe(view.id);
    expect((await identities.findByIdentifier(` ${number.replaceAll(' ', '-')}`))?.id).toBe(view.id);
    await expect(identities.create({ traits: { phone: dialled } })).rejects.toMatchObject({ status: 409 });
  });

  test('is reported once at startup', () => {
    const warnings = app.log.filter((line) =>
      line.includes('identity schemas contain settings that have no effect here'),
    );
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('person (recovery.via sms, verification.via sms)');
  });
});

describe('setState', () => {
  const row = async () =>
    (
      await app.sql<{ state: string; moved: boolean; at: Date }>(
        'SELECT state, sessions_valid_from IS NOT NULL AS moved, state_changed_at AS at FROM identity WHERE id = $1',
        [person.id],
      )
    )[0];

  test('deactivation ends sessions for good; activation does not restore them', async () => {
    await identities.setState(person.id, 'inactive');
    expect(await row()).toMatchObject({ state: 'inactive', moved: true });
    await identities.setState(person.id, 'active');
    expect(await row()).toMatchObject({ state: 'active', moved: true });
    expect(await actions(person.id)).toEqual(['identity.created', 'identity.deactivated', 'identity.activated']);
  });

  test('setting the current state changes nothing', async () => {
    const before = await row();
    await identities.setState(person.id, 'active');
    expect(await row()).toEqual(before);
    expect(await actions(person.id)).toEqual(['identity.created']);
  });

  test.each([[UNKNOWN], ['not-a-uuid']])('%s is not found', async (id) => {
    await expect(identities.setState(id, 'inactive')).rejects.toMatchObject({ status: 404 });
  });
});

describe('credentials', () => {
  test('a password is found by any spelling of its identifier', async () => {
    const found = await credentials.passwordFor(` ${email.toUpperCase()}\u200b`);
    expect(found).toMatchObject({ identityId: person.id, state: 'active' });
    expect(await passwords.verify('correct horse', found?.hash)).toBe(true);
  });

  test('neither a person without one nor an unknown person has a password', async () => {
    const without = await identities.create({ traits: { email: `without.${email}` } });
    expect(await credentials.passwordFor(`without.${email}`)).toBeUndefined();
    expect(await credentials.passwordFor('nobody@example.com')).toBeUndefined();
    expect(await credentials.hasPassword(without.id)).toBe(false);
    expect(await credentials.hasPassword(person.id)).toBe(true);
    expect(await credentials.hasPassword(UNKNOWN)).toBe(false);
  });

  test('an inactive identity is recognized by its state', async () => {
    await identities.setState(person.id, 'inactive');
    expect(await credentials.passwordFor(email)).toMatchObject({ state: 'inactive' });
  });

  test('a first password, and another one', async () => {
    const { id } = await identities.create({ traits: { email: `first.${email}` } });
    for (const hash of ['one', 'two']) {
      await setPassword(id, hash);
      expect(await credentials.passwordFor(`first.${email}`)).toMatchObject({ identityId: id, hash });
    }
    const stored = await app.sql('SELECT 1 FROM identity_credential WHERE identity_id = $1 AND type = $2', [
      id,
      'password',
    ]);
    expect(stored).toHaveLength(1);
  });

  test('a better hash replaces only the one it was made from', async () => {
    await setPassword(person.id, 'old');
    await credentials.rehash(person.id, 'another', 'better');
    expect(await credentials.passwordFor(email)).toMatchObject({ hash: 'old' });
    await credentials.rehash(person.id, 'old', 'better');
    expect(await credentials.passwordFor(email)).toMatchObject({ hash: 'better' });
  });

  test('a login uses the index', async () => {
    const plan = await app.sql<{ 'QUERY PLAN': string }>(`EXPLAIN ${PASSWORD_FOR.replace('$1', `'x'`)}`);
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('Seq Scan on credential_identifier');
  });
});

test('an identity as one SQL expression equals the identity', async () => {
  const metadata = { a: [1, null] };
  const { id } = await identities.create({
    traits: { email: `json.${email}`, second: `json2.${email}` },
    metadataPublic: metadata,
    metadataAdmin: 'x',
    externalId: `ext.${email}`,
    state: 'inactive',
  });
  const [row] = await app.sql<{ json: object }>(`SELECT ${identityJson('i')} AS json FROM identity i WHERE id = $1`, [
    id,
  ]);
  const view = identityFromJson(row?.json);
  expect(view).toEqual(await identities.get(id));
  expect(identityFromJson(JSON.stringify(row?.json))).toEqual(view);
  expect(view).toMatchObject({
    metadataPublic: metadata,
    metadataAdmin: 'x',
    externalId: `ext.${email}`,
    state: 'inactive',
  });
  expect(view.recoveryAddresses.map(({ value }) => value)).toEqual([`json.${email}`, `json2.${email}`]);
  expect(view.createdAt.getTime()).toBeGreaterThan(Date.parse('2020-01-01'));
});

/** An event is written along with its change, or neither is. */
test('if the audit event cannot be written, nothing is created', async () => {
  await app.sql('ALTER TABLE audit_event ADD CONSTRAINT closed CHECK (false) NOT VALID');
  try {
    await expect(identities.create({ traits: { email: `unaudited.${email}` } })).rejects.toMatchObject({ status: 500 });
    await expect(identities.delete(person.id)).rejects.toMatchObject({ status: 500 });
  } finally {
    await app.sql('ALTER TABLE audit_event DROP CONSTRAINT closed');
  }
  expect(await identities.findByIdentifier(`unaudited.${email}`)).toBeUndefined();
  expect((await identities.find(person.id))?.id).toBe(person.id);
});
