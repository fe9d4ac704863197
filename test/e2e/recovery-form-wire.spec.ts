/** What recovery forms accept, and how they answer the rest, as Kratos' clients know it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { mailed, nativeFlow, submitTo } from '../support/mail.js';
import { newPerson } from '../support/people.js';
import { browserFlow, idIn, read, RECOVERY as PATH } from '../support/recovery-flows.js';
import { cookieNames, csrfOf } from '../support/settings-people.js';

const INSIDE = 'https://app.example.com/inside/x';

const configured = (use: 'code' | 'link', off: 'code' | 'link') => {
  const base = mailed(use) as { selfservice: { methods: object } };
  const methods = { ...base.selfservice.methods, [off]: { enabled: false } };
  return {
    ...base,
    selfservice: { ...base.selfservice, methods, allowed_return_urls: ['https://app.example.com/inside'] },
    feature_flags: { use_continue_with_transitions: true },
  };
};

let code: TestApp;
let link: TestApp;
beforeAll(async () => {
  code = await startTestApp({ config: configured('code', 'link'), parity: true });
  link = await startTestApp({ config: configured('link', 'code'), parity: true });
});
afterAll(() => Promise.all([code, link].map((app) => app.stop())));

describe('an administrator’s code', () => {
  const create = (query: string, body: object) => code.admin().post(`/admin/recovery/code${query}`).send(body);

  test('carries return_to to where the person goes in the end', async () => {
    const { id } = await newPerson(code);
    const { body } = await create(`?return_to=${encodeURIComponent(INSIDE)}`, { identity_id: id }).expect(201);
    const flow = idIn(body.recovery_link, 'flow');
    const agent = code.publicAgent();
    expect((await read(agent, flow).expect(200)).body.return_to).toBe(INSIDE);
    const done = await agent
      .post(`${PATH}?flow=${flow}`)
      .set('accept', 'text/html')
      .type('form')
      .send({ code: body.recovery_code })
      .expect(303);
    const settings = await agent
      .get(`/self-service/settings/flows?id=${idIn(done.headers['location']!, 'flow')}`)
      .set('accept', 'application/json')
      .expect(200);
    expect(settings.body.return_to).toBe(INSIDE);
    const saved = await agent
      .post(`/self-service/settings?flow=${settings.body.id}`)
      .set('accept', 'text/html')
      .type('form')
      .send({ method: 'password', password: 'a brand new pass phrase 1', csrf_token: csrfOf(settings.body) })
      .expect(303);
    expect(saved.headers['location']).toBe(INSIDE);
  });

  test('is not created with a forbidden return_to', async () => {
    const { id } = await newPerson(code);
    const { body } = await create('?return_to=https%3A%2F%2Fevil.example.net%2F', { identity_id: id }).expect(400);
    expect(body.error.id).toBe('self_service_flow_return_to_forbidden');
    expect(await code.sql('SELECT id FROM recovery_grant WHERE identity_id = $1', [id])).toEqual([]);
  });

  test.each(['', 'BROWSER', 'spa'])('is not created with the flow type %j', async (flow_type) => {
    const { id } = await newPerson(code);
    const { body } = await create('', { identity_id: id, flow_type }).expect(400);
    expect(body.error.reason).toBe(`Value from "flow_type" is not valid: ${JSON.stringify(flow_type)}`);
  });
});

describe('a submission', () => {
  test('without a flow, or with an invalid one, is refused', async () => {
    for (const flow of ['', '?flow=', '?flow=zzz']) {
      const answer = await code
        .publicAgent()
        .post(PATH + flow)
        .set('accept', 'application/json')
        .send({ method: 'code' })
        .expect(400);
      expect(answer.body.error.reason).toBe('The flow query parameter is missing or malformed.');
    }
  });

  test.each([{ method: 'code', code: '' }, { method: 'code', email: '', code: '' }, { code: '000000' }, {}])(
    'of %j to a flow whose code was sent is a wrong code, and counts as one',
    async (form) => {
      const flow = await nativeFlow(code);
      await submitTo(code, flow, { method: 'code', email: 'nobody@example.com' }).expect(200);
      const { body } = await submitTo(code, flow, form).expect(200);
      expect(body).toMatchObject({ state: 'sent_email', ui: { messages: [{ id: 4060006 }] } });
      expect(await code.sql('SELECT submit_count AS n FROM recovery_flow WHERE id = $1', [flow])).toEqual([{ n: 1 }]);
    },
  );

  test('for a link while links are off is 404', async () => {
    const flow = await nativeFlow(code);
    const { body } = await submitTo(code, flow, { method: 'link', email: 'ada@example.com' }).expect(404);
    expect(body.error.reason).toContain('disabled by system administrator');
  });

  test('for the flow’s own method while that is off is 404', async () => {
    const flow = await nativeFlow(link);
    await link.sql(`UPDATE recovery_flow SET active_method = 'code' WHERE id = $1`, [flow]);
    await submitTo(link, flow, { method: 'code', email: 'ada@example.com' }).expect(404);
    await link.sql(`UPDATE recovery_flow SET state = 'sent_email' WHERE id = $1`, [flow]);
    await submitTo(link, flow, { code: '123456' }).expect(404);
  });

  test.each([
    ['{"method":', 'application/json'],
    ['[]', 'application/json'],
    ['', 'application/json'],
    ['email=%00', 'application/x-www-form-urlencoded'],
    ['<form/>', 'text/xml'],
  ])('that cannot be read leaves a message in the flow: %s', async (body, type) => {
    const flow = await nativeFlow(code);
    const answer = await code
      .publicAgent()
      .post(`${PATH}?flow=${flow}`)
      .set('accept', 'application/json')
      .set('content-type', type)
      .send(body)
      .expect(400);
    expect(answer.body).toMatchObject({ id: flow, active: 'code', ui: { messages: [{ id: 4000001 }] } });
  });

  test('that cannot be read reveals nothing about another browser’s flow', async () => {
    const { id } = await browserFlow(code);
    const answer = await code
      .publicAgent()
      .post(`${PATH}?flow=${id}`)
      .set('accept', 'application/json')
      .set('content-type', 'application/json')
      .send('{')
      .expect(403);
    expect(answer.body.error.id).toBe('security_csrf_violation');
  });

  test.each(['json', 'form'] as const)(
    'with a wrong token costs the browser its seed, for codes only: %s',
    async (how) => {
      for (const [app, method] of [
        [code, 'code'],
        [link, 'link'],
      ] as const) {
        const begun = await browserFlow(app);
        const answer = await begun[how]({ method, email: 'ada@example.com', csrf_token: 'nope' });
        expect(answer.status).toBe(how === 'json' ? 403 : 303);
        expect(cookieNames(answer)).toEqual(method === 'code' ? ['csrf_token'] : []);
        expect((await read(begun.agent, begun.id)).status).toBe(method === 'code' ? 403 : 200);
      }
    },
  );
});
