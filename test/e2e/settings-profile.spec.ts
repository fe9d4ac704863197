import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SessionService } from '../../src/session/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Agent, csrfOf, messageIds, NEW_PASSWORD, type Node, PATH } from '../support/settings-people.js';

const MAIL = {
  type: 'string',
  format: 'email',
  'ory.sh/kratos': { credentials: { password: { identifier: true } }, recovery: { via: 'email' } },
};
const TEAM = {
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: {
        username: { type: 'string', title: 'User name', maxLength: 12, pattern: '^[a-z]+$' },
        emails: { type: 'array', title: 'E-mails', minItems: 1, items: MAIL },
        plan: { type: 'string', enum: ['free', 'paid'] },
        since: { type: 'string', format: 'date-time' },
        site: { type: 'string', format: 'uri' },
        phone: { type: 'string', format: 'tel' },
        terms: { type: 'boolean' },
        limit: { type: 'integer', maximum: 10 },
        mail: { type: 'object', required: ['work'], properties: { work: { type: 'string' } } },
        homes: { type: 'array', items: { type: 'object', properties: { city: { type: 'string' } } } },
        note: {},
      },
      required: ['emails', 'terms', 'mail'],
      patternProperties: { '^x-': { type: 'integer' } },
      additionalProperties: false,
    },
  },
};
/** A schema with which nobody can sign in with a password. */
const MEMBER = {
  type: 'object',
  properties: { traits: { type: 'object', properties: { number: { type: 'string' } } } },
};
const schemaOf = (id: string, schema: object) => ({
  id,
  url: `base64://${Buffer.from(JSON.stringify(schema)).toString('base64')}`,
});

let app: TestApp;
beforeAll(async () => {
  const schemas = [schemaOf('team', TEAM), schemaOf('member', MEMBER)];
  app = await startTestApp({ config: { identity: { default_schema_id: 'team', schemas } } });
});
afterAll(() => app.stop());

let made = 0;
const traitsOf = () => {
  made += 1;
  return {
    username: 'ada',
    emails: [`a${made}@example.com`, `b${made}@example.com`],
    terms: true,
    mail: { work: 'x' },
    homes: [{ city: 'Ulm' }, {}],
    note: { any: ['thing', 1, null, false] },
    'x-1': 9_007_199_254_740_991,
  };
};

async function person(traits: object = traitsOf(), type: 'api' | 'browser' = 'browser', schema = 'team') {
  const created = await app.admin().post('/admin/identities').send({ schema_id: schema, traits }).expect(201);
  const identityId = created.body.id as string;
  const { token } = await app.get(SessionService).issue({ identityId, methods: ['password'], origin: 'login' });
  const agent = app.publicAgent();
  if (type === 'browser') agent.jar.setCookie(`ory_kratos_session=${token}`, '127.0.0.1', '/');
  else agent.set('x-session-token', token);
  const begin = async () => (await agent.get(`${PATH}/${type}`).set('accept', 'application/json').expect(200)).body;
  const flow = await begin();
  const stored = async () => (await app.admin().get(`/admin/identities/${identityId}`).expect(200)).body;
  return { identityId, agent, flow, stored, begin };
}

interface Shown extends Node {
  attributes: { name: string; value?: unknown; type: string; [more: string]: unknown };
  meta: object;
}
const profile = (flow: { ui: { nodes: Shown[] } }): Shown[] =>
  flow.ui.nodes.filter(({ group, attributes }) => group === 'profile' && attributes.name !== 'method');

/** Sends the nodes back with some changes, in one of the three ways. */
function send(
  agent: Agent,
  flow: { id: string; ui: { nodes: Shown[] } },
  way: 'form' | 'json',
  changes: Record<string, string | string[]> = {},
) {
  const fields = profile(flow).map(({ attributes: { name, value } }) => [
    name,
    way === 'json' ? value : `${value ?? ''}`,
  ]);
  const form = { ...Object.fromEntries(fields), ...changes, csrf_token: csrfOf(flow), method: 'profile' };
  const post = agent.post(`${PATH}?flow=${flow.id}`);
  return way === 'json'
    ? post.set('accept', 'application/json').send(form)
    : post
        .set('accept', 'text/html')
        .type('form')
        .send(new URLSearchParams(pairsOf(form)).toString());
}
const pairsOf = (form: object): [string, string][] =>
  Object.entries(form).flatMap(([name, value]) => [value].flat().map((each): [string, string] => [name, String(each)]));

describe('a form that is saved unchanged changes nothing', () => {
  test.each([
    ['by a browser', 'browser', 'form'],
    ['by a single page app', 'browser', 'json'],
    ['by a native client', 'api', 'json'],
  ] as const)('%s', async (_, type, way) => {
    const { agent, flow, stored } = await person(traitsOf(), type);
    const before = await stored();
    await send(agent, flow, way).expect(way === 'form' ? 303 : 200);
    const after = await stored();
    expect(after.traits).toEqual(before.traits);
    expect(after.recovery_addresses).toEqual(before.recovery_addresses);
    expect(after.credentials.password.identifiers).toEqual(before.credentials.password.identifiers);
  });

  test('nor if it only names what has changed, except for fields that it leaves out', async () => {
    const traits = traitsOf();
    const { agent, flow, stored } = await person(traits);
    const form = { 'traits.username': 'bob', 'traits.terms': 'true', 'traits.mail.work': 'x' };
    await agent
      .post(`${PATH}?flow=${flow.id}`)
      .type('form')
      .set('accept', 'text/html')
      .send({ csrf_token: csrfOf(flow), method: 'profile', ...form })
      .expect(303);
    expect((await stored()).traits).toEqual({ ...traits, username: 'bob' });
  });

  test('an administrator’s concurrent change stays', async () => {
    const traits = traitsOf();
    const { identityId, agent, flow, stored } = await person(traits);
    await app
      .admin()
      .patch(`/admin/identities/${identityId}`)
      .send([{ op: 'add', path: '/traits/x-2', value: 2 }])
      .expect(200);
    await send(agent, flow, 'form').expect(303);
    expect((await stored()).traits).toEqual({ ...traits, 'x-2': 2 });
  });
});

describe('a list', () => {
  test('is set by repeated keys', async () => {
    const traits = traitsOf();
    const { agent, flow, stored } = await person(traits);
    const emails = [traits.emails[1]!, `c${made}@example.com`];
    const others = Object.fromEntries(profile(flow).map(({ attributes: { name, value } }) => [name, `${value ?? ''}`]));
    const rest = Object.entries(others).filter(([name]) => !name.startsWith('traits.emails'));
    const form = { ...Object.fromEntries(rest), 'traits.emails': emails };
    await agent
      .post(`${PATH}?flow=${flow.id}`)
      .set('accept', 'text/html')
      .type('form')
      .send(new URLSearchParams(pairsOf({ ...form, csrf_token: csrfOf(flow), method: 'profile' })).toString())
      .expect(303);
    const after = await stored();
    expect(after.traits).toEqual({ ...traits, emails });
    expect(after.recovery_addresses.map(({ value }: { value: string }) => value).sort()).toEqual([...emails].sort());
  });

  test('loses the item whose field is cleared, and gets the one typed into its own field', async () => {
    const traits = traitsOf();
    const { agent, flow, stored } = await person(traits);
    const more = `c${made}@example.com`;
    await send(agent, flow, 'form', { 'traits.emails': more, 'traits.emails.0': '' }).expect(303);
    expect((await stored()).traits.emails).toEqual([traits.emails[1], more]);
  });

  test('is replaced, with everything else, by traits as JSON', async () => {
    const { agent, flow, stored } = await person();
    const traits = { emails: [`z${made}@example.com`], terms: false, mail: { work: 'y' } };
    await agent
      .post(`${PATH}?flow=${flow.id}`)
      .set('accept', 'application/json')
      .send({ csrf_token: csrfOf(flow), method: 'profile', traits })
      .expect(200);
    expect((await stored()).traits).toEqual(traits);
  });

  test('null is not an object that could replace traits', async () => {
    const { agent, flow, stored } = await person();
    const before = await stored();
    await agent
      .post(`${PATH}?flow=${flow.id}`)
      .set('accept', 'application/json')
      .send({ csrf_token: csrfOf(flow), method: 'profile', traits: null })
      .expect(400);
    expect((await stored()).traits).toEqual(before.traits);
  });
});

test('nodes reflect the schema', async () => {
  const { flow } = await person();
  const nodes = Object.fromEntries(
    profile(flow).map(({ attributes, meta }) => [attributes.name, { attributes, meta }]),
  );
  expect(Object.keys(nodes)).toEqual([
    ...['traits.username', 'traits.emails', 'traits.emails.0', 'traits.emails.1', 'traits.plan', 'traits.since'],
    ...['traits.site', 'traits.phone', 'traits.terms', 'traits.limit', 'traits.mail.work', 'traits.homes.0.city'],
    ...['traits.note.any.0', 'traits.note.any.1', 'traits.note.any.2', 'traits.note.any.3', 'traits.x-1'],
  ]);
  const common = { disabled: false, node_type: 'input' };
  const title = { id: 1_070_002, text: 'E-mails', type: 'info', context: { name: 'traits.emails', title: 'E-mails' } };
  expect(nodes['traits.emails']).toEqual({
    attributes: { name: 'traits.emails', type: 'text', required: true, ...common },
    meta: { label: title },
  });
  expect(nodes['traits.emails.0']).toEqual({
    attributes: { name: 'traits.emails.0', type: 'text', value: `a${made}@example.com`, ...common },
    meta: {},
  });
  expect(nodes['traits.username']?.attributes).toMatchObject({ type: 'text', pattern: '^[a-z]+$' });
  expect(nodes['traits.plan']?.attributes).toMatchObject({ options: [{ value: 'free' }, { value: 'paid' }] });
  expect(nodes['traits.since']?.attributes).toMatchObject({ type: 'datetime-local' });
  expect(nodes['traits.site']?.attributes).toMatchObject({ type: 'url', autocomplete: 'url' });
  expect(nodes['traits.phone']?.attributes).toMatchObject({ type: 'tel', autocomplete: 'tel' });
  expect(nodes['traits.mail.work']?.attributes).toMatchObject({ required: true, value: 'x' });
  expect(nodes['traits.note.any.1']?.attributes).toMatchObject({ type: 'number', value: 1 });
  expect(nodes['traits.note.any.2']?.attributes).not.toHaveProperty('value');
  expect(nodes['traits.note.any.3']?.attributes).toMatchObject({ type: 'checkbox', value: false });
});

describe('every error is shown somewhere', () => {
  const refused = async (traits: object) => {
    const { agent, flow } = await person();
    const { body } = await agent
      .post(`${PATH}?flow=${flow.id}`)
      .set('accept', 'application/json')
      .send({ csrf_token: csrfOf(flow), method: 'profile', traits })
      .expect(400);
    const { body: again } = await agent.get(`${PATH}/flows?id=${flow.id}`).expect(200);
    expect(again.ui.nodes.slice(1)).toEqual(body.ui.nodes.slice(1));
    const said: [string, string, number[]][] = (body.ui.nodes as Shown[])
      .filter(({ messages }) => messages.length > 0)
      .map(({ group, attributes, messages }) => [group, attributes.name, messages.map(({ id }) => id)]);
    return said;
  };
  const right = () => ({ ...traitsOf(), note: 'n', homes: [] });

  test('about a disallowed property', async () => {
    expect(await refused({ ...right(), shoe: 42 })).toEqual([['default', 'traits', [4_000_001]]]);
  });

  test('about a list that is too short', async () => {
    expect(await refused({ ...right(), emails: [] })).toEqual([['profile', 'traits.emails', [4_000_024]]]);
  });

  test('about a list item', async () => {
    expect(await refused({ ...right(), emails: ['nope'] })).toEqual([['profile', 'traits.emails.0', [4_000_040]]]);
  });

  test('about what is missing in a missing object, and in objects in lists', async () => {
    const { mail: _, ...without } = right();
    expect(await refused({ ...without, homes: [7] })).toEqual([
      ['profile', 'traits.mail.work', [4_000_002]],
      ['profile', 'traits.homes.0', [4_000_026]],
    ]);
  });

  test('about a telephone number, a number and a text', async () => {
    expect(await refused({ ...right(), phone: '123', limit: 11, username: 'Adalovelace-1815' })).toEqual([
      ['profile', 'traits.username', [4_000_017, 4_000_004]],
      ['profile', 'traits.phone', [4_000_041]],
      ['profile', 'traits.limit', [4_000_020]],
    ]);
  });

  test('on the built-in page too', async () => {
    const { agent, flow } = await person();
    await agent
      .post(`${PATH}?flow=${flow.id}`)
      .set('accept', 'application/json')
      .send({ csrf_token: csrfOf(flow), method: 'profile', traits: { ...right(), shoe: 42 } })
      .expect(400);
    const { text } = await agent.get(`/ui/settings?flow=${flow.id}`).set('accept', 'text/html').expect(200);
    expect(text).toContain('additionalProperties &quot;shoe&quot; not allowed');
    expect(text).not.toContain('name="traits"');
  });
});

test('after a refusal the form compares with what it shows', async () => {
  const traits = traitsOf();
  const { agent, flow, stored } = await person(traits);
  const more = `c${made}@example.com`;
  await send(agent, flow, 'form', { 'traits.emails': more, 'traits.emails.0': '', 'traits.limit': '11' }).expect(303);
  const { body: shown } = await agent.get(`${PATH}/flows?id=${flow.id}`).set('accept', 'application/json').expect(200);
  await send(agent, shown, 'form', { 'traits.limit': '10' }).expect(303);
  expect((await stored()).traits).toEqual({ ...traits, emails: [traits.emails[1], more], limit: 10 });
});

describe('a schema without a password identifier', () => {
  test('offers no password, and refuses one', async () => {
    const { agent, flow } = await person({ number: 'C-1' }, 'api', 'member');
    expect((flow.ui.nodes as Shown[]).some(({ group }) => group === 'password')).toBe(false);
    const { body } = await agent
      .post(`${PATH}?flow=${flow.id}`)
      .send({ method: 'password', password: NEW_PASSWORD })
      .expect(400);
    expect(body.ui.messages).toEqual([
      {
        id: 4_000_009,
        type: 'error',
        text: 'Could not find any login identifiers. Did you forget to set them? This could also be caused by a server misconfiguration.',
      },
    ]);
  });

  test('accepts none from an administrator, in any way', async () => {
    const credentials = { password: { config: { password: NEW_PASSWORD } } };
    const body = { schema_id: 'member', traits: { number: 'C-2' }, state: 'active', credentials };
    const { body: created } = await app.admin().post('/admin/identities').send(body).expect(400);
    expect(created.error.reason).toContain('identity schema "member"');
    const { identityId, stored } = await person({ number: 'C-3' }, 'api', 'member');
    await app.admin().put(`/admin/identities/${identityId}`).send(body).expect(400);
    const hashed = { ...body, credentials: { password: { config: { hashed_password: '$2a$04$x' } } } };
    await app.admin().put(`/admin/identities/${identityId}`).send(hashed).expect(400);
    expect((await stored()).credentials ?? {}).not.toHaveProperty('password');
    const { body: batch } = await app
      .admin()
      .patch('/admin/identities')
      .send({ identities: [{ create: body }, { create: { ...body, credentials: undefined } }] })
      .expect(200);
    expect(batch.identities.map(({ action }: { action: string }) => action)).toEqual(['error', 'create']);
    expect(
      await app.sql(
        'SELECT 1 FROM identity_credential c JOIN identity i ON i.id = c.identity_id WHERE i.schema_id = $1',
        ['member'],
      ),
    ).toEqual([]);
  });

  test('is named at start', () => {
    const lines = app.log.map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(lines.filter((line) => line.includes('password'))).toEqual([
      expect.stringMatching(/^nobody can set a password or sign in with one under these identity schemas: member\. /),
    ]);
  });
});

describe('a password', () => {
  const set = (agent: Agent, flow: { id: string }, password: string) =>
    agent.post(`${PATH}?flow=${flow.id}`).send({ method: 'password', password });

  test('is useless to an identity without an identifier', async () => {
    const traits = { emails: ['gone@example.com'], terms: true, mail: { work: 'x' } };
    const { identityId, agent, flow } = await person(traits, 'api');
    await app.sql('DELETE FROM credential_identifier WHERE identity_id = $1', [identityId]);
    expect(messageIds((await set(agent, flow, NEW_PASSWORD).expect(400)).body)).toEqual([4_000_009]);
  });

  test('must differ from the previous one', async () => {
    const { agent, flow, begin } = await person(traitsOf(), 'api');
    await set(agent, flow, NEW_PASSWORD).expect(200);
    const { body } = await set(agent, await begin(), NEW_PASSWORD).expect(400);
    const field = (body.ui.nodes as Shown[]).find(({ attributes }) => attributes.name === 'password');
    expect(field?.messages).toEqual([
      { id: 4_000_039, text: 'The new password must be different from the old password.', type: 'error' },
    ]);
    await set(agent, await begin(), `${NEW_PASSWORD}!`).expect(200);
  });
});
