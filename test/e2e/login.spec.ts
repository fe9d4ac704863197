import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { IdentityService } from '../../src/identity/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import {
  begin,
  beginNative,
  config,
  cookies,
  credentials,
  expire,
  L,
  messages,
  native,
  send,
  type LoginFlow,
} from '../support/login-steps.js';
import { newPerson } from '../support/people.js';
import { field, PASSWORD, person, signIn } from '../support/sign-in.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ config });
});
afterAll(() => app?.stop());

const UNKNOWN = 'b0000000-0000-4000-8000-00000000000b';

describe('beginning', () => {
  test('a browser is redirected to the form, with a CSRF cookie', async () => {
    const answer = await app.publicAgent().get(`${L}/browser`).set('accept', 'text/html').expect(303);
    expect(answer.headers['location']).toMatch(/^https:\/\/ui\.example\.com\/login\?flow=[0-9a-f-]{36}$/);
    expect(cookies(answer)).toEqual([expect.stringMatching(/^csrf_token_[0-9a-f]{64}=/)]);
  });

  test('a single page app gets the flow', async () => {
    const flow = await begin(app.publicAgent(), '?return_to=https%3A%2F%2Fapp.example.com%2Finside%2Fx');
    expect(flow).toMatchObject({
      type: 'browser',
      state: 'choose_method',
      refresh: false,
      requested_aal: 'aal1',
      organization_id: null,
      request_url: `${app.publicUrl}${L}/browser?return_to=https%3A%2F%2Fapp.example.com%2Finside%2Fx`,
      return_to: 'https://app.example.com/inside/x',
      ui: { action: `${app.publicUrl}${L}?flow=${flow.id}`, method: 'POST' },
    });
    expect(flow.ui.nodes.map(({ attributes }) => attributes.name)).toEqual([
      'csrf_token',
      'identifier',
      'password',
      'method',
    ]);
    expect(field(flow, 'csrf_token')).toMatch(/^[A-Za-z0-9+/]{86}==$/);
  });

  test('a native client gets one without a CSRF token or a cookie', async () => {
    const answer = await native(app).get(`${L}/api`).expect(200);
    expect([answer.body.type, field(answer.body as LoginFlow, 'csrf_token')]).toEqual(['api', '']);
    expect(cookies(answer)).toEqual([]);
  });

  test('a return_to that is not allowed is refused', async () => {
    const answer = await native(app).get(`${L}/browser?return_to=https%3A%2F%2Fevil.example.net%2F`).expect(400);
    expect(answer.body.error.id).toBe('self_service_flow_return_to_forbidden');
  });

  test('secrets in the query are not stored', async () => {
    const flow = await beginNative(app, '?token=CANARY&x=1');
    expect(flow).toMatchObject({ request_url: `${app.publicUrl}${L}/api?token=redacted&x=1` });
  });

  test('a second factor is refused, with and without a session', async () => {
    expect((await native(app).get(`${L}/api?aal=aal2`).expect(401)).body.error.id).toBe('session_aal1_required');
    const token = await signIn(app, await person(app));
    expect(
      (await native(app).get(`${L}/api?aal=aal2`).set('x-session-token', token).expect(400)).body.error.reason,
    ).toContain('second factor');
    expect((await native(app).get(`${L}/api?aal=nope`).expect(400)).body.error.reason).toContain('Unable to parse');
    expect((await native(app).get(`${L}/api?aal=aal1`).expect(200)).body.requested_aal).toBe('aal1');
  });

  test('GET on the form’s URL redirects back to the form', async () => {
    const answer = await app.publicAgent().get(`${L}?flow=${UNKNOWN}`).expect(303);
    expect(answer.headers['location']).toBe(`https://ui.example.com/login?flow=${UNKNOWN}`);
    expect((await native(app).get(L).expect(400)).body.error.reason).toBe(
      'The flow query parameter is missing or malformed.',
    );
  });
});

describe('reading a flow', () => {
  test('only the browser that started it may', async () => {
    const agent = app.publicAgent();
    const { id } = await begin(agent);
    expect((await agent.get(`${L}/flows?id=${id}`).expect(200)).body.id).toBe(id);
    const stranger = await native(app).get(`${L}/flows?id=${id}`).expect(403);
    expect(stranger.body.error).toMatchObject({
      id: 'security_csrf_violation',
      details: { reject_reason: 'The HTTP Cookie Header is empty or not set.' },
    });
    const other = app.publicAgent();
    await begin(other);
    await other.get(`${L}/flows?id=${id}`).set('accept', 'application/json').expect(403);
  });

  test.each([UNKNOWN, 'nope', ''])('%j is not found', async (id) => {
    const answer = await native(app).get(`${L}/flows?id=${id}`).expect(404);
    expect(answer.body).toEqual({
      error: { code: 404, status: 'Not Found', message: 'Unable to locate the resource' },
    });
  });

  test('an expired one is gone, and says where to start another', async () => {
    const agent = app.publicAgent();
    const flow = await begin(agent, '?return_to=https%3A%2F%2Fapp.example.com%2Finside');
    await expire(app, flow);
    const { body } = await agent.get(`${L}/flows?id=${flow.id}`).set('accept', 'application/json').expect(410);
    expect(body.error).toMatchObject({
      id: 'self_service_flow_expired',
      details: {
        redirect_to: `${app.publicUrl}${L}/browser?return_to=https%3A%2F%2Fapp.example.com%2Finside`,
        return_to: 'https://app.example.com/inside',
      },
    });
    const other = await beginNative(app);
    await expire(app, other);
    const gone = await native(app).get(`${L}/flows?id=${other.id}`).expect(410);
    expect(gone.body.error.details).toEqual({ api: `${app.publicUrl}${L}/api` });
  });
});

describe('a native client', () => {
  test('signs in and gets a token, no cookie', async () => {
    const anna = await person(app);
    const flow = await beginNative(app);
    const answer = await send(app, flow, credentials(anna)).expect(200);
    expect(answer.body).toMatchObject({
      session_token: expect.stringMatching(/^ory_st_[0-9A-Za-z]{32}$/),
      session: {
        active: true,
        authentication_methods: [{ method: 'password', aal: 'aal1' }],
        identity: { id: anna.id },
      },
      continue_with: null,
    });
    expect(cookies(answer)).toEqual([]);
    expect(
      await app.sql(`SELECT actor_type, outcome FROM audit_event WHERE action = 'session.login' AND target_id = $1`, [
        anna.id,
      ]),
    ).toEqual([{ actor_type: 'session', outcome: 'success' }]);
  });

  test('may spell the identifier in another case', async () => {
    const anna = await person(app);
    await send(app, await beginNative(app), { ...credentials(anna), identifier: anna.email.toUpperCase() }).expect(200);
    await send(app, await beginNative(app), {
      method: 'password',
      password_identifier: anna.email,
      password: PASSWORD,
    }).expect(200);
  });

  test('a wrong password and an unknown person get the same answer', async () => {
    const anna = await person(app);
    const flow = await beginNative(app);
    const answers = [];
    for (const who of [anna, { email: 'nobody@example.com', id: '' }]) {
      const { body } = await send(app, flow, credentials(who, 'wrong')).expect(400);
      expect(messages(body as LoginFlow)).toEqual([4000006]);
      expect(field(body as LoginFlow, 'identifier')).toBe(who.email);
      answers.push(
        JSON.stringify(body)
          .replaceAll(who.email, '')
          .replace(/"updated_at":"[^"]+"/, ''),
      );
    }
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).not.toContain('wrong');
  });

  test('a missing value is reported at its field', async () => {
    const flow = await beginNative(app);
    const at = (body: { ui: { nodes: { attributes: { name: string }; messages: unknown[] }[] } }, name: string) =>
      body.ui.nodes.find(({ attributes }) => attributes.name === name)!.messages;
    const missing = (property: string) => [
      { id: 4000002, text: `Property ${property} is missing.`, type: 'error', context: { property } },
    ];

    const none = (await send(app, flow, { method: 'password', identifier: '' }).expect(400)).body;
    expect([at(none, 'identifier'), at(none, 'password')]).toEqual([missing('identifier'), missing('password')]);
    const one = (await send(app, flow, { method: 'password', identifier: 'a@example.com' }).expect(400)).body;
    expect([at(one, 'identifier'), at(one, 'password'), messages(one)]).toEqual([[], missing('password'), []]);
  });

  test.each([{}, { method: 'oidc' }, { method: ['password'] }])('an unknown method: %j', async (method) => {
    const { body } = await send(app, await beginNative(app), {
      ...credentials(await person(app)),
      method: undefined,
      ...method,
    }).expect(400);
    expect(messages(body as LoginFlow)).toEqual([4010002]);
  });

  test.each([{ identifier: { $ne: 1 } }, { password: ['x'] }])(
    'fields of another type are refused: %j',
    async (fields) => {
      await send(app, await beginNative(app), { ...credentials(await person(app)), ...fields }).expect(400);
    },
  );

  test('an inactive person learns that only after the right password', async () => {
    const anna = await person(app, { state: 'inactive' });
    const flow = await beginNative(app);
    expect(messages((await send(app, flow, credentials(anna, 'wrong')).expect(400)).body as LoginFlow)).toEqual([
      4000006,
    ]);
    const { body } = await send(app, flow, credentials(anna)).expect(400);
    expect([messages(body as LoginFlow), body.active, field(body as LoginFlow, 'identifier')]).toEqual([
      [4010011],
      'password',
      '',
    ]);
    expect(await app.sql('SELECT id FROM session WHERE identity_id = $1', [anna.id])).toEqual([]);
  });

  test('must not be a browser', async () => {
    const flow = await beginNative(app);
    const form = credentials(await person(app));
    expect((await send(app, flow, form).set('cookie', 'a=b').expect(400)).body.error.reason).toContain(
      'included the "Cookie" key',
    );
    expect(
      (await send(app, flow, form).set('origin', 'https://evil.example.net').expect(400)).body.error.reason,
    ).toContain('included the "Origin" key');
  });

  test('an expired flow is replaced', async () => {
    const flow = await beginNative(app);
    await expire(app, flow);
    const { body } = await send(app, flow, credentials(await person(app))).expect(410);
    expect(body.error).toMatchObject({
      id: 'self_service_flow_expired',
      reason: expect.stringMatching(/^The self-service flow expired 1\.5\d minutes ago, initialize a new one\.$/),
    });
    expect(body.since).toBeGreaterThan(90e9);
    const next = (await native(app).get(`${L}/flows?id=${body.use_flow_id}`).expect(200)).body as LoginFlow;
    expect(messages(next)).toEqual([4010001]);
  });

  test('a flow signs in once', async () => {
    const anna = await person(app);
    const flow = await beginNative(app);
    await send(app, flow, credentials(anna)).expect(200);
    await send(app, flow, credentials(anna)).expect(410);
    expect(await app.sql('SELECT id FROM session WHERE identity_id = $1', [anna.id])).toHaveLength(1);
  });

  test('an unknown flow is not found', async () => {
    await send(app, { id: UNKNOWN }, { method: 'password' }).expect(404);
    await send(app, { id: 'nope' }, { method: 'password' }).expect(400);
  });
});

describe('hashes', () => {
  const hashOf = async (id: string) =>
    (
      await app.sql<{ hash: string }>(
        `SELECT config->>'hashed_password' AS hash FROM identity_credential WHERE identity_id = $1 AND type = 'password'`,
        [id],
      )
    )[0]?.hash;

  test('an outdated one is replaced at the next login, and still verifies', async () => {
    const email = 'imported@example.com';
    const imported = '$2a$10$ZsCsoVQ3xfBG/K2z2XpBf.tm90GZmtOqtqWcB5.pYd5Eq8y7RlDyq';
    const anna = await newPerson(app, {
      traits: { email },
      credentials: { password: { config: { hashed_password: imported } } },
    });
    expect(await hashOf(anna.id)).toBe(imported);
    await send(app, await beginNative(app), credentials({ ...anna, email }, '123456')).expect(200);
    expect(await hashOf(anna.id)).toMatch(/^\$2[aby]\$08\$/);
    await send(app, await beginNative(app), credentials({ ...anna, email }, '123456')).expect(200);
  });

  test('a wrong password replaces none', async () => {
    const anna = await person(app);
    const before = await hashOf(anna.id);
    await send(app, await beginNative(app), credentials(anna, 'wrong')).expect(400);
    expect(await hashOf(anna.id)).toBe(before);
  });
});

test('a deactivated person’s open flow signs nobody in', async () => {
  const anna = await person(app);
  const flow = await beginNative(app);
  await app.get(IdentityService).setState(anna.id, 'inactive');
  expect(messages((await send(app, flow, credentials(anna)).expect(400)).body as LoginFlow)).toEqual([4010011]);
});

test('if passwords are disabled, there is no such form', async () => {
  const off = await startTestApp({ config: { selfservice: { methods: { password: { enabled: false } } } } });
  try {
    const { body } = await off.publicAgent().get(`${L}/api`).expect(200);
    expect((body as LoginFlow).ui.nodes.map(({ attributes }) => attributes.name)).toEqual(['csrf_token']);
    const refused = await off
      .publicAgent()
      .post(`${L}?flow=${(body as LoginFlow).id}`)
      .send({ method: 'password', identifier: 'a', password: 'b' })
      .expect(404);
    expect((refused.body as { error: { reason: string } }).error.reason).toContain('disabled by system administrator');
  } finally {
    await off.stop();
  }
});

test('refused attempts are audited, without what was typed', async () => {
  const guess = { method: 'password', identifier: 'canary@example.com', password: 'CANARY' };
  await send(app, await beginNative(app), guess).expect(400);
  const refused = await vi.waitFor(async () => {
    const rows = await app.sql<{ row: string }>(
      `SELECT e::text AS row FROM audit_event e WHERE action = 'session.login' AND outcome = 'refused'`,
    );
    expect(rows.length).toBeGreaterThan(0);
    return rows;
  });
  expect(
    refused
      .map(({ row }) => row)
      .join()
      .toLowerCase(),
  ).not.toContain('canary');
});
