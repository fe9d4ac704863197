/** What Kratos' clients see of recovery in other orders, with other kinds of client, and after expiry. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { mailed, mailTo, nativeFlow, newCode, submitTo } from '../support/mail.js';
import { newPerson } from '../support/people.js';
import { browserFlow, expire, idIn, read, RECOVERY as PATH } from '../support/recovery-flows.js';
import { person, signIn, signInBrowser } from '../support/sign-in.js';

const HOME = 'https://www.example.org/home';
const INSIDE = 'https://app.example.org/inside/x';

const configured = (use: 'code' | 'link', off: 'code' | 'link', transitions: boolean) => {
  const base = mailed(use) as { selfservice: { methods: object } };
  return {
    ...base,
    selfservice: {
      ...base.selfservice,
      methods: { ...base.selfservice.methods, [off]: { enabled: false } },
      default_browser_return_url: HOME,
      allowed_return_urls: ['https://app.example.org/inside'],
    },
    feature_flags: { use_continue_with_transitions: transitions },
  };
};

let code: TestApp;
let link: TestApp;
let classic: TestApp;
beforeAll(async () => {
  code = await startTestApp({ config: configured('code', 'link', true), parity: true });
  link = await startTestApp({ config: configured('link', 'code', true), parity: true });
  classic = await startTestApp({ config: configured('code', 'link', false) });
});
afterAll(() => Promise.all([code, link, classic].map((app) => app.stop())));

const EXPIRED = {
  id: 4060005,
  type: 'error',
  text: expect.stringMatching(/^The recovery flow expired 1\.5\d minutes ago, please try again\.$/),
  context: { expired_at: expect.any(String), expired_at_unix: expect.any(Number) },
};

describe('a signed-in person', () => {
  test.each([
    ['', HOME],
    [`?return_to=${encodeURIComponent(INSIDE)}`, HOME],
    [`?return_to=${encodeURIComponent('https://evil.example.net/')}`, HOME],
  ])('opens recovery%s in a browser and is redirected home', async (query, home) => {
    const agent = await signInBrowser(code, await person(code));
    const answer = await agent.get(`${PATH}/browser${query}`).set('accept', 'text/html').expect(302);
    expect(answer.headers['location']).toBe(home);
  });

  test('is redirected to a target within self-service', async () => {
    const agent = await signInBrowser(code, await person(code));
    const to = `${code.publicUrl}/self-service/settings/browser`;
    const answer = await agent
      .get(`${PATH}/browser?return_to=${encodeURIComponent(to)}`)
      .set('accept', 'text/html')
      .expect(302);
    expect(answer.headers['location']).toBe(to);
  });

  test.each(['browser', 'api'])('is told so as JSON: %s', async (type) => {
    const token = await signIn(code, await person(code));
    const answer = await code
      .publicAgent()
      .get(`${PATH}/${type}`)
      .set('x-session-token', token)
      .set('accept', 'application/json')
      .expect(400);
    expect(answer.body.error.id).toBe('session_already_available');
  });

  for (const method of ['code', 'link'] as const) {
    const at = (): TestApp => (method === 'code' ? code : link);

    test(`is mailed nothing after submitting an address (${method})`, async () => {
      const who = await person(at());
      const token = await signIn(at(), who);
      const flow = await nativeFlow(at());
      const native = await submitTo(at(), flow, { method, email: who.email }).set('x-session-token', token).expect(400);
      expect(native.body.error.id).toBe('session_already_available');
      const begun = await browserFlow(at());
      begun.agent.jar.setCookie(`ory_kratos_session=${token}`, '127.0.0.1', '/');
      expect((await begun.json({ method, email: who.email }).expect(400)).body.error.id).toBe(
        'session_already_available',
      );
      expect((await begun.form({ method, email: who.email }).expect(302)).headers['location']).toBe(HOME);
      expect(await mailTo(at(), who.email)).toEqual([]);
    });
  }

  test('can still enter a code', async () => {
    const [who, other] = [await person(code), await newPerson(code)];
    const made = await newCode(code, other.id, { flow_type: 'api' });
    const answer = await submitTo(code, made.flow, { code: made.code })
      .set('x-session-token', await signIn(code, who))
      .expect(200);
    expect(answer.body.state).toBe('passed_challenge');
  });
});

describe('an expired flow', () => {
  test('tells browsers where to start another, and with which return_to', async () => {
    const { id, agent } = await browserFlow(code, undefined, `?return_to=${encodeURIComponent(INSIDE)}`);
    await expire(code, id);
    const { body } = await read(agent, id).expect(410);
    expect(body.error).toEqual({
      id: 'self_service_flow_expired',
      code: 410,
      status: 'Gone',
      reason:
        'The recovery flow has expired. Redirect the user to the recovery flow init endpoint to initialize a new recovery flow.',
      details: {
        redirect_to: `${code.publicUrl}${PATH}/browser?return_to=${encodeURIComponent(INSIDE)}`,
        return_to: INSIDE,
      },
      message: 'The requested resource is no longer available because it has expired or is otherwise invalid.',
    });
    const other = await browserFlow(code);
    await expire(code, other.id);
    expect((await read(other.agent, other.id).expect(410)).body.error.details).toEqual({
      redirect_to: `${code.publicUrl}${PATH}/browser`,
      return_to: '',
    });
  });

  test('tells native clients which call starts another one', async () => {
    const id = await nativeFlow(code);
    await expire(code, id);
    const { body } = await read(code.publicAgent(), id).expect(410);
    expect(body.error.details).toEqual({ api: `${code.publicUrl}${PATH}/api` });
    expect(body.error.reason).toBe(
      'The recovery flow has expired. Call the recovery flow init API endpoint to initialize a new recovery flow.',
    );
  });

  test.each([
    ['code', { method: 'code', email: 'ada@example.com' }],
    ['code', { code: '123456' }],
    ['link', { method: 'link', email: 'ada@example.com' }],
  ] as const)('is replaced for a native client (%s, %j)', async (method, form) => {
    const app = method === 'code' ? code : link;
    const id = await nativeFlow(app);
    await expire(app, id);
    const { body } = await submitTo(app, id, form).expect(410);
    expect(body).toEqual({
      error: {
        id: 'self_service_flow_expired',
        code: 410,
        status: 'Gone',
        reason: expect.stringMatching(/^The self-service flow expired 1\.5\d minutes ago, initialize a new one\.$/),
        details: {
          continue_with: [
            {
              action: 'show_recovery_ui',
              flow: { id: body.use_flow_id, url: expect.stringContaining(body.use_flow_id) },
            },
          ],
        },
        message: 'self-service flow expired',
      },
      expired_at: expect.any(String),
      since: expect.any(Number),
      use_flow_id: expect.any(String),
    });
    expect(Math.round(body.since / 1e9)).toBeGreaterThanOrEqual(90);
    const fresh = await read(app.publicAgent(), body.use_flow_id).expect(200);
    expect(fresh.body.ui.messages).toEqual([EXPIRED]);
    expect(fresh.body.ui.messages[0].context.expired_at_unix).toBe(Math.floor(Date.parse(body.expired_at) / 1000));
  });

  test('without transitions a native client is redirected to the new flow', async () => {
    const id = await nativeFlow(classic);
    await expire(classic, id);
    const { headers } = await submitTo(classic, id, { method: 'code', email: 'ada@example.com' }).expect(303);
    expect(headers['location']).toContain(`${PATH}/flows?id=`);
    const fresh = await read(classic.publicAgent(), idIn(headers['location']!, 'id')).expect(200);
    expect(fresh.body.ui.messages).toEqual([EXPIRED]);
  });

  test.each(['json', 'form'] as const)('redirects a browser to the new one, which it can read: %s', async (how) => {
    for (const app of [code, link, classic]) {
      const begun = await browserFlow(app, undefined, `?return_to=${encodeURIComponent(INSIDE)}`);
      await expire(app, begun.id);
      const { headers } = await begun[how]({ method: 'code', email: 'ada@example.com', csrf_token: 'lost' }).expect(
        303,
      );
      const next = headers['location']!;
      expect(next).toContain(how === 'json' ? `${app.publicUrl}${PATH}/flows?id=` : '/ui/recovery?flow=');
      const fresh = await read(begun.agent, idIn(next, how === 'json' ? 'id' : 'flow')).expect(200);
      expect(fresh.body.ui.messages).toEqual([EXPIRED]);
      expect(fresh.body.return_to).toBe(INSIDE);
    }
  });
});

describe('a link that expired before its flow', () => {
  const followed = async (app: TestApp, changed: string) => {
    const { id } = await newPerson(app);
    const { body } = await app.admin().post('/admin/recovery/link').send({ identity_id: id }).expect(200);
    await app.sql(`UPDATE recovery_grant SET ${changed} WHERE identity_id = $1`, [id]);
    const url = new URL(body.recovery_link as string);
    const { agent } = await browserFlow(app);
    const answer = await agent.get(url.pathname + url.search).set('accept', 'text/html');
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toContain('/ui/recovery?flow=');
    const fresh = await read(agent, idIn(answer.headers['location']!, 'flow')).expect(200);
    return fresh.body.ui.messages;
  };
  const AGO = `clock_timestamp() - interval '90 seconds'`;

  test('says that it expired', async () => {
    expect(await followed(link, `expires_at = ${AGO}`)).toEqual([EXPIRED]);
  });

  test.each([
    ['used', `expires_at = ${AGO}, used_at = ${AGO}`],
    ['revoked', `expires_at = ${AGO}, revoked_at = ${AGO}`],
    ['another one', `digest = '\\x00', expires_at = ${AGO}`],
  ])('and was %s says that it is invalid', async (_, changed) => {
    expect(await followed(link, changed)).toMatchObject([{ id: 4060004 }]);
  });
});

describe('an expired link', () => {
  const expiredLink = async (): Promise<string> => {
    const { id } = await newPerson(link);
    const { body } = await link.admin().post('/admin/recovery/link').send({ identity_id: id }).expect(200);
    const url = new URL(body.recovery_link as string);
    await expire(link, idIn(url.href, 'flow'));
    await link.sql('UPDATE recovery_grant SET expires_at = clock_timestamp() WHERE identity_id = $1', [id]);
    return url.pathname + url.search;
  };

  test('says so in a browser that was here before', async () => {
    const { agent } = await browserFlow(link);
    const { headers } = await agent
      .get(await expiredLink())
      .set('accept', 'text/html')
      .expect(303);
    const fresh = await read(agent, idIn(headers['location']!, 'flow')).expect(200);
    expect(fresh.body.ui.messages).toEqual([EXPIRED]);
    const page = await agent.get(new URL(headers['location']!).pathname + new URL(headers['location']!).search);
    expect(page.text).toContain('This link has expired');
  });

  test('redirects a single page app to the flow itself', async () => {
    const { agent } = await browserFlow(link);
    const { headers } = await agent
      .get(await expiredLink())
      .set('accept', 'application/json')
      .expect(303);
    expect(headers['location']).toContain(`${link.publicUrl}${PATH}/flows?id=`);
    const fresh = await read(agent, idIn(headers['location']!, 'id')).expect(200);
    expect(fresh.body.ui.messages).toEqual([EXPIRED]);
  });
});
