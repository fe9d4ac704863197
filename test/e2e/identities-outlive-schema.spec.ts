import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { freshDatabase } from '../support/database.js';

const schemas = (traits: object, ids: string[]) => ({
  identity: {
    default_schema_id: 'person',
    schemas: ids.map((id) => {
      const schema = {
        type: 'object',
        properties: { traits: { type: 'object', properties: traits, required: Object.keys(traits) } },
      };
      return { id, url: `base64://${Buffer.from(JSON.stringify(schema)).toString('base64')}` };
    }),
  },
});
const EMAIL = {
  type: 'string',
  'ory.sh/kratos': { credentials: { password: { identifier: true } }, recovery: { via: 'email' } },
};

/** The schemas have changed since the identities were created: one is stricter, one is gone. */
let app: TestApp;
let drop: () => Promise<void>;
const ids: Record<string, string> = {};
const traitsOf = (schema: string) => ({ email: `${schema}@example.com` });
beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  const before = await startTestApp({
    databaseUrl: database.url,
    config: schemas({ email: EMAIL }, ['person', 'gone']),
  });
  for (const schema_id of ['person', 'gone']) {
    const body = { schema_id, traits: traitsOf(schema_id), metadata_public: { plan: 'free' } };
    ids[schema_id] = (await before.admin().post('/admin/identities').send(body).expect(201)).body.id;
  }
  await before.stop();
  app = await startTestApp({
    databaseUrl: database.url,
    config: schemas({ email: EMAIL, phone: { type: 'string' } }, ['person']),
  });
});
afterAll(async () => {
  await app.stop();
  await drop();
});

const patch = (schema: string, ...operations: object[]) =>
  app.admin().patch(`/admin/identities/${ids[schema]}`).send(operations);

describe.each(['person', 'gone'])('of the schema %s', (schema) => {
  test.each([
    ['the state', { op: 'replace', path: '/state', value: 'inactive' }, { state: 'inactive' }],
    [
      'public metadata',
      { op: 'add', path: '/metadata_public/plan', value: 'paid' },
      { metadata_public: { plan: 'paid' } },
    ],
    [
      'metadata for administrators',
      { op: 'add', path: '/metadata_admin', value: { note: 1 } },
      { metadata_admin: { note: 1 } },
    ],
    [
      'the external id',
      { op: 'add', path: '/external_id', value: `external-${schema}` },
      { external_id: `external-${schema}` },
    ],
  ])('PATCH changes %s', async (_, operation, shown) => {
    const { body } = await patch(schema, operation).expect(200);
    expect(body).toMatchObject({
      traits: traitsOf(schema),
      recovery_addresses: [{ value: `${schema}@example.com` }],
      ...shown,
    });
  });

  test('PUT changes everything except traits', async () => {
    const body = { schema_id: schema, state: 'active', traits: traitsOf(schema), metadata_public: { plan: 'none' } };
    const credentials = { password: { config: { password: 'a brand new pass phrase 7' } } };
    const answer = await app
      .admin()
      .put(`/admin/identities/${ids[schema]}`)
      .send({ ...body, credentials })
      .expect(200);
    expect(answer.body).toMatchObject(body);
    expect(answer.body.credentials.password.identifiers).toEqual([`${schema}@example.com`]);
  });
});

test('a change of the traits is validated as a whole', async () => {
  const refused = await patch('person', { op: 'replace', path: '/traits/email', value: 'x@example.com' }).expect(400);
  expect(refused.body.error.reason).toContain('missing properties: "phone"');
  const { body } = await patch(
    'person',
    { op: 'replace', path: '/traits/email', value: 'x@example.com' },
    { op: 'add', path: '/traits/phone', value: '1' },
  ).expect(200);
  expect(body.recovery_addresses).toMatchObject([{ value: 'x@example.com' }]);
});

test('so is a move to another schema, and one from a schema that is gone', async () => {
  const { body } = await patch('gone', { op: 'replace', path: '/schema_id', value: 'person' }).expect(400);
  expect(body.error.reason).toContain('missing properties: "phone"');
  const unknown = await patch('gone', { op: 'add', path: '/traits/phone', value: '1' }).expect(400);
  expect(unknown.body.error.reason).toContain('Unable to find JSON Schema ID: gone');
});
