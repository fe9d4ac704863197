import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SettingsPurge } from '../../src/self-service/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import {
  NEW_PASSWORD,
  type Node,
  PATH,
  cookieNames,
  csrfOf,
  messageIds,
  node,
  settingsPeople,
  type SettingsPeople,
} from '../support/settings-people.js';

let app: TestApp;
let people: SettingsPeople;
beforeAll(async () => {
  app = await startTestApp({ config: { selfservice: { allowed_return_urls: ['https://app.example.com/inside'] } } });
  people = settingsPeople(app);
});
afterAll(() => app.stop());

describe('beginning', () => {
  test('a browser is redirected to the form', async () => {
    const { agent } = await people.browser();
    const answer = await agent.get(`${PATH}/browser`).set('accept', 'text/html').expect(303);
    expect(answer.headers['location']).toMatch(new RegExp(`^${app.publicUrl}/ui/settings\\?flow=[0-9a-f-]{36}$`));
  });

  test('a single page app gets the form, bound to its browser', async () => {
    const { flow, email } = await people.browser();
    expect(flow).toMatchObject({
      type: 'browser',
      state: 'show_form',
      request_url: `${app.publicUrl}${PATH}/browser`,
      identity: { traits: { email } },
    });
    expect(String(csrfOf(flow))).toHaveLength(88);
    expect(flow.ui.nodes.map(({ attributes }: Node) => attributes.name)).toEqual([
      ...['csrf_token', 'traits.email', 'traits.name.first', 'traits.name.last', 'method', 'password', 'method'],
    ]);
    expect(flow).not.toHaveProperty('identity.metadata_admin');
  });

  test('a native client gets the form without a CSRF token or a cookie', async () => {
    const { agent } = await people.native();
    const answer = await agent.get(`${PATH}/api`).expect(200);
    expect(answer.body.type).toBe('api');
    expect(csrfOf(answer.body)).toBe('');
    expect(cookieNames(answer)).toEqual([]);
  });

  test('without a session: JSON for apps, the login for browsers', async () => {
    const apps = await app.publicAgent().get(`${PATH}/browser`).set('accept', 'application/json').expect(401);
    expect(apps.body).toMatchObject({
      error: { id: 'session_inactive', reason: 'No active session was found in this request.' },
      CredentialsMissing: false,
    });
    const clients = await app.publicAgent().get(`${PATH}/api`).expect(401);
    expect(clients.body.error.reason).toBe(
      'This endpoint can only be accessed with a valid session. Please log in and try again.',
    );
    const browsers = await app.publicAgent().get(`${PATH}/browser`).set('accept', 'text/html').expect(303);
    expect(browsers.headers['location']).toBe(`${app.publicUrl}/self-service/login/browser`);
  });

  test('the query is stored without its secrets', async () => {
    const { flow } = await people.browser('?session_token=CANARY&a=b');
    expect(flow.request_url).toBe(`${app.publicUrl}${PATH}/browser?session_token=redacted&a=b`);
  });
});

describe('reading', () => {
  test('needs a session, an existing flow, and its owner', async () => {
    const ada = await people.native();
    const bob = await people.native();
    const url = `${PATH}/flows?id=${ada.flow.id}`;
    const nobody = await app.publicAgent().get(url).set('accept', 'application/json').expect(401);
    expect(nobody.body.error.reason).toBe('A valid Ory Session Cookie or Ory Session Token is missing.');
    const page = await app.publicAgent().get(url).set('accept', 'text/html').expect(302);
    expect(page.headers['location']).toBe(`${app.publicUrl}/ui/login`);
    const other = await bob.agent.get(url).set('accept', 'application/json').expect(403);
    expect(other.body.error).toMatchObject({
      id: 'security_identity_mismatch',
      reason: 'The request was made for another identity and has been blocked for security reasons.',
    });
    for (const id of ['b0000000-0000-4000-8000-00000000000b', 'nonsense', ''])
      await ada.agent.get(`${PATH}/flows?id=${id}`).set('accept', 'application/json').expect(404);
    await ada.agent.get(url).expect(200);
  });

  test('an expired flow is gone, and says where to start again', async () => {
    const { again, expire, flow } = await people.browser('?return_to=https%3A%2F%2Fapp.example.com%2Finside%2Fx');
    expect(flow.return_to).toBe('https://app.example.com/inside/x');
    await expire();
    const { body } = await again().expect(410);
    expect(body.error).toMatchObject({
      id: 'self_service_flow_expired',
      details: {
        redirect_to: `${app.publicUrl}${PATH}/browser?return_to=https%3A%2F%2Fapp.example.com%2Finside%2Fx`,
        return_to: 'https://app.example.com/inside/x',
      },
    });
  });

  test('GET on the form’s URL redirects back to the form', async () => {
    const { flow, agent } = await people.native();
    const answer = await agent.get(`${PATH}?flow=${flow.id}`).set('accept', 'text/html').expect(303);
    expect(answer.headers['location']).toBe(`${app.publicUrl}/ui/settings?flow=${flow.id}`);
    const nobody = await app.publicAgent().get(`${PATH}?flow=${flow.id}`).set('accept', 'text/html').expect(302);
    expect(nobody.headers['location']).toBe(`${app.publicUrl}/ui/login`);
    for (const id of ['', '//evil.com', flow.id + 'x'])
      await app.publicAgent().get(`${PATH}?flow=${id}`).set('accept', 'application/json').expect(400);
  });

  test('password managers find the settings page', async () => {
    const answer = await app.publicAgent().get('/.well-known/change-password').expect(303);
    expect(answer.headers['location']).toBe(`${app.publicUrl}/ui/settings`);
  });
});

describe('a new password', () => {
  test('is set from a form: the session continues, the change is audited, unused links end', async () => {
    const { id, form, again } = await people.browser();
    await app.admin().post('/admin/recovery/link').send({ identity_id: id }).expect(200);
    const answer = await form({ method: 'password', password: NEW_PASSWORD }).expect(303);
    expect(answer.headers['location']).toMatch(/\/ui\/settings\?flow=/);
    expect(cookieNames(answer).sort()).toEqual(['ory_kratos_session', 'regain_device']);
    expect(await people.passwordOf(id)).toMatch(/^\$2/);
    expect(await people.eventsOf(id)).toEqual([{ actor_type: 'session', action: 'credentials.password.set' }]);
    expect(
      await app.sql('SELECT revoked_at IS NOT NULL AS revoked FROM recovery_grant WHERE identity_id = $1', [id]),
    ).toEqual([{ revoked: true }]);
    const { body } = await again().expect(200);
    expect([body.state, messageIds(body)]).toEqual(['success', [1050001]]);
  });

  test('is set by a single page app, which is told where to go', async () => {
    const { flow, json } = await people.browser();
    const { body } = await json({ method: 'password', password: NEW_PASSWORD }).expect(200);
    const page = `${app.publicUrl}/ui/settings?flow=${flow.id}`;
    expect(body).toMatchObject({
      state: 'success',
      continue_with: [{ action: 'redirect_browser_to', redirect_browser_to: page }],
    });
  });

  test('is set by a native client, which gets no cookie', async () => {
    const { id, json } = await people.native();
    const answer = await json({ method: 'password', password: NEW_PASSWORD }).expect(200);
    expect([answer.body.state, answer.body.continue_with, cookieNames(answer)]).toEqual(['success', undefined, []]);
    expect(await people.passwordOf(id)).toMatch(/^\$2/);
  });

  test.each([
    ['too short', () => 'abc', 4000032],
    ['missing', () => '', 4000002],
    ['that resembles the identifier', (email: string) => email, 4000031],
  ])('that is %s is refused on its field, and nothing changes', async (_, password, id) => {
    const { id: identityId, email, json, form, again } = await people.browser();
    const { body } = await json({ method: 'password', password: password(email) }).expect(400);
    expect(node(body, 'password').messages.map((message) => message.id)).toEqual([id]);
    await form({ method: 'password', password: password(email) }).expect(303);
    const shown = (await again().expect(200)).body;
    expect([shown.state, messageIds(shown), node(shown, 'password').messages.length]).toEqual(['show_form', [], 1]);
    expect([await people.passwordOf(identityId), await people.eventsOf(identityId)]).toEqual([undefined, []]);
  });

  test('that is not text is refused', async () => {
    const { id, json } = await people.browser();
    const { body } = await json({ method: 'password', password: { $ne: '' } }).expect(400);
    expect(body.error.reason).toBe('The field "password" must be a string.');
    expect(await people.passwordOf(id)).toBe(undefined);
  });

  test('is never shown again, neither in the flow nor in its row', async () => {
    const { flow, json } = await people.browser();
    const refused = await json({ method: 'password', password: 'CANARY' }).expect(400);
    const saved = await json({ method: 'password', password: `${NEW_PASSWORD} CANARY` }).expect(200);
    const rows = await app.sql('SELECT settings_flow::text FROM settings_flow WHERE id = $1', [flow.id]);
    expect(JSON.stringify([refused.body, saved.body, rows])).not.toContain('CANARY');
  });

  test.each([
    ['no method', {}],
    ['an unknown one', { method: 'telepathy' }],
  ])('with %s changes nothing but the message', async (_, form) => {
    const { id, json } = await people.browser();
    const { body } = await json({ password: NEW_PASSWORD, ...form }).expect(400);
    expect(messageIds(body)).toEqual([4010004]);
    expect(await people.passwordOf(id)).toBe(undefined);
  });
});

describe('traits', () => {
  test('that let nobody in change, even in an old session; omitted ones are removed', async () => {
    const { email, json, form, age, again } = await people.browser();
    await age();
    const { body } = await json({
      method: 'profile',
      traits: { email, name: { first: 'Ada', last: 'Lovelace' } },
    }).expect(200);
    expect(body.identity.traits).toEqual({ email, name: { first: 'Ada', last: 'Lovelace' } });
    await form({ method: 'profile', 'traits.email': email, 'traits.name.first': 'Augusta' }).expect(303);
    expect((await again().expect(200)).body.identity.traits).toEqual({ email, name: { first: 'Augusta' } });
  });

  test('that are invalid are shown as they were sent; an earlier save is still mentioned', async () => {
    const { email, json, again } = await people.browser();
    await json({ method: 'profile', traits: { email, name: { first: 'Ada' } } }).expect(200);
    const { body } = await json({ method: 'profile', traits: { email: 'nope' } }).expect(400);
    expect([body.state, messageIds(body), body.identity.traits.email]).toEqual(['success', [1050001], email]);
    expect(node(body, 'traits.email')).toMatchObject({
      attributes: { value: 'nope' },
      messages: [{ id: 4000040, context: { value: 'nope' } }],
    });
    expect(node(body, 'traits.name.first').attributes).not.toHaveProperty('value');
    const { body: shown } = await again().expect(200);
    expect(node(shown, 'traits.email').messages).toHaveLength(1);
    const { body: saved } = await json({ method: 'profile', traits: { email } }).expect(200);
    expect([
      messageIds(saved),
      node(saved, 'traits.email').messages,
      node(saved, 'traits.email').attributes.value,
    ]).toEqual([[1050001], [], email]);
  });

  test('that belong to another person are refused', async () => {
    const { email: taken } = await people.newPerson(app);
    const { id, json } = await people.browser();
    for (let tries = 0; tries < 2; tries++) {
      const { body } = await json({ method: 'profile', traits: { email: taken } }).expect(400);
      expect(messageIds(body)).toEqual([4000007]);
    }
    expect(await people.eventsOf(id)).toEqual([]);
  });

  test('are missing altogether', async () => {
    const { json } = await people.browser();
    const { body } = await json({ method: 'profile' }).expect(400);
    expect(body.ui.messages).toMatchObject([{ id: 4000001, text: 'Did not receive any value changes.' }]);
  });

  test('a new address ends links that are being sent to the old one', async () => {
    const { id, email, json } = await people.browser();
    await app.admin().post('/admin/recovery/link').send({ identity_id: id }).expect(200);
    const open = async () =>
      (await app.sql('SELECT 1 FROM recovery_grant WHERE identity_id = $1 AND revoked_at IS NULL', [id])).length;
    await json({ method: 'profile', traits: { email, name: { first: 'Ada' } } }).expect(200);
    expect(await open()).toBe(1);
    await json({ method: 'profile', traits: { email: `moved.${email}` } }).expect(200);
    expect(await open()).toBe(0);
  });

  test('nothing else of an identity can be changed along with them', async () => {
    const { id, email, json } = await people.browser();
    const other = await people.newPerson(app);
    const smuggled = {
      id: other.id,
      identity_id: other.id,
      state: 'inactive',
      schema_id: 'x',
      metadata_admin: { a: 1 },
      metadata_public: { a: 1 },
      credentials: { password: { config: { password: 'x' } } },
      available_aal: 'aal2',
    };
    await json({ method: 'profile', traits: { email }, ...smuggled, identity: smuggled, flow: other.id }).expect(200);
    const { body } = await app.admin().get(`/admin/identities/${id}`).expect(200);
    expect(body).toMatchObject({
      id,
      state: 'active',
      schema_id: 'person',
      metadata_admin: null,
      metadata_public: null,
    });
    expect((await app.admin().get(`/admin/identities/${other.id}`)).body.traits.email).toBe(other.email);
    expect(
      (await json({ method: 'profile', traits: { email, admin: true } }).expect(400)).body.identity.traits,
    ).not.toHaveProperty('admin');
  });
});

describe('purge', () => {
  test('removes kept forms as soon as they expire', async () => {
    const { flow, identityId } = await keptForm();
    const [kept] = app.get(SettingsPurge).purgeables();
    const left = () => app.sql('SELECT FROM settings_continuation WHERE flow_id = $1', [flow]);
    expect(await kept!.purge(10, 720 * 3600)).toBe(0);
    expect(await left()).toHaveLength(1);
    await app.sql(`UPDATE settings_continuation SET expires_at = clock_timestamp() WHERE identity_id = $1`, [
      identityId,
    ]);
    expect(await kept!.purge(10, 720 * 3600)).toBe(1);
    expect(await left()).toEqual([]);
  });

  /** A row for a kept form whose person must sign in again. */
  async function keptForm(): Promise<{ flow: string; identityId: string }> {
    const person = await people.native();
    const flow = person.flow.id as string;
    const [{ identity_id: identityId } = { identity_id: '' }] = await app.sql<{ identity_id: string }>(
      'SELECT identity_id FROM settings_flow WHERE id = $1',
      [flow],
    );
    await app.sql(
      `INSERT INTO settings_continuation (flow_id, identity_id, session_id, browser_digest, key_id, sealed, expires_at)
       SELECT $1, $2, id, '', '', '', clock_timestamp() + interval '15 minutes' FROM session WHERE identity_id = $2 LIMIT 1`,
      [flow, identityId],
    );
    return { flow, identityId };
  }

  test('removes what expired long enough ago, in bounded batches', async () => {
    const flows = [await people.native(), await people.native(), await people.native()].map(
      ({ flow }) => flow.id as string,
    );
    const left = async () =>
      (await app.sql<{ id: string }>('SELECT id FROM settings_flow WHERE id = ANY($1)', [flows])).map(({ id }) => id);
    await app.sql(`UPDATE settings_flow SET expires_at = clock_timestamp() - interval '11 days' WHERE id = ANY($1)`, [
      flows.slice(0, 2),
    ]);
    const purgeable = app
      .get(SettingsPurge)
      .purgeables()
      .find(({ name }) => name === 'settings flows');
    const keep = 10 * 24 * 3600;
    expect(await purgeable!.purge(1, keep)).toBe(1);
    expect(await left()).toHaveLength(2);
    expect(await purgeable!.purge(500, keep)).toBe(1);
    expect(await left()).toEqual([flows[2]]);
    expect(await purgeable!.purge(500, keep)).toBe(0);
  });
});
