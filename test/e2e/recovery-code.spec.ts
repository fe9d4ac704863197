import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { mailed, newCode, otherThan, submitTo } from '../support/mail.js';
import { newPerson } from '../support/people.js';

let app: TestApp;
beforeAll(async () => void (app = await startTestApp({ config: mailed('code') })));
afterAll(() => app.stop());

const create = (body: object) => app.admin().post('/admin/recovery/code').send(body);
const guess = (flow: string, code: unknown) => submitTo(app, flow, { method: 'code', code });
const sessions = (identityId: string) => app.sql('SELECT id FROM session WHERE identity_id = $1', [identityId]);
const submissions = async (flow: string) =>
  (await app.sql<{ n: number }>('SELECT submit_count AS n FROM recovery_flow WHERE id = $1', [flow]))[0]!.n;
const WRONG = 4060006;

describe('POST /admin/recovery/code', () => {
  test('answers a code, the page to enter it on, and its expiry', async () => {
    const { id } = await newPerson(app);
    const { body, headers } = await create({ identity_id: id, expires_in: '12h' }).expect(201);
    expect(body.recovery_code).toMatch(/^\d{6}$/);
    expect(body.recovery_link).toMatch(new RegExp(`^${app.publicUrl}/ui/recovery\\?flow=[0-9a-f-]{36}$`));
    expect(Date.parse(body.expires_at) - Date.now()).toBeGreaterThan(11.9 * 3600e3);
    expect(headers['cache-control']).toContain('no-store');
  });

  test('stores a MAC that depends on the flow, its key’s id, and who requested it', async () => {
    const { id } = await newPerson(app);
    const { flow, code } = await newCode(app, id);
    const [grant] = await app.sql<{ digest: Buffer; key_id: string; row: string }>(
      'SELECT digest, key_id, g::text AS row FROM recovery_grant g WHERE flow_id = $1',
      [flow],
    );
    expect(grant!.digest).toHaveLength(32);
    expect(grant!.key_id).toMatch(/^[0-9a-f]{8}$/);
    expect(grant!.row).not.toMatch(new RegExp(`\\b${code}\\b`));
    const events = await app.sql(
      `SELECT actor_type FROM audit_event WHERE action = 'recovery.code.created' AND target_id = $1`,
      [id],
    );
    expect(events).toEqual([{ actor_type: 'access_token' }]);
    const { body } = await app.admin().get(`/admin/recovery/grants?identity_id=${id}`).expect(200);
    expect(body).toMatchObject([{ kind: 'code', state: 'active', flow_id: flow }]);
    expect(JSON.stringify(body)).not.toMatch(new RegExp(`\\b${code}\\b`));
  });

  test.each([
    ['an unknown identity', { identity_id: 'b0000000-0000-4000-8000-00000000000b' }, 404, 'could not find identity'],
    ['no identity', { identity_id: undefined }, 404, 'could not find identity'],
    ['a malformed identity id', { identity_id: 'x' }, 400, 'identity_id must be a UUID.'],
    [
      'a malformed duration',
      { expires_in: 'soon' },
      400,
      'Unable to parse "expires_in" as a duration string (e.g. "1h", "1m30s", "500ms"): soon',
    ],
    ['a time in the past', { expires_in: '-1h' }, 400, 'Value from "expires_in" must result to a future time: -1h0m0s'],
    [
      'longer than the cap',
      { expires_in: '73h' },
      400,
      'Value from "expires_in" must not be longer than 72h0m0s (regain.recovery.max_expires_in).',
    ],
    ['an unknown flow type', { flow_type: 'pigeon' }, 400, 'Value from "flow_type" is not valid: "pigeon"'],
    ['a flow type that is not a string', { flow_type: ['api'] }, 400, 'flow_type must be "browser" or "api".'],
  ])('refuses %s and writes nothing', async (_name, more, status, reason) => {
    const { id } = await newPerson(app);
    const before = await app.sql('SELECT id FROM recovery_flow');
    const { body } = await create({ identity_id: id, ...more }).expect(status);
    expect(body.error.reason).toBe(reason);
    expect(await app.sql('SELECT id FROM recovery_flow')).toHaveLength(before.length);
  });

  test('needs the scope', async () => {
    await app
      .admin(await app.token('identity:read'))
      .post('/admin/recovery/code')
      .send({})
      .expect(403);
  });
});

describe('an administrator’s code', () => {
  test('gives a browser a privileged session and the settings form', async () => {
    const { id } = await newPerson(app);
    const { flow, code } = await newCode(app, id);
    const browser = new Browser();
    const page = await browser.get(`${app.publicUrl}/ui/recovery?flow=${flow}`);
    expect(page.text).toContain('name="code"');
    const wrong = await browser.submit(page, { method: 'code', code: otherThan(code) });
    expect(wrong.location).toBe(page.url);
    expect((await browser.get(wrong.location)).text).toContain('This code is wrong or has already been used.');
    const right = await browser.submit(page, { method: 'code', code: ` ${code.slice(0, 3)} ${code.slice(3)}` });
    expect(right.location).toContain(`${app.publicUrl}/ui/settings?flow=`);
    expect((await browser.get(right.location)).text).toContain('Choose a new password');
    const [session] = await app.sql('SELECT origin, aal, methods FROM session WHERE identity_id = $1', [id]);
    expect(session).toMatchObject({ origin: 'recovery', aal: 'aal1', methods: [{ method: 'code_recovery' }] });
  });

  test('gives a native client a session token that opens its settings', async () => {
    const { id } = await newPerson(app);
    const { flow, code } = await newCode(app, id, { flow_type: 'api' });
    const { body, headers } = await guess(flow, code).expect(200);
    expect(headers['set-cookie']).toBe(undefined);
    expect(body.state).toBe('passed_challenge');
    const [token, settings] = body.continue_with;
    await app
      .publicAgent()
      .get(`/self-service/settings/flows?id=${settings.flow.id}`)
      .set('x-session-token', token.ory_session_token)
      .expect(200);
  });

  test('of a native flow refuses browsers, and counts nothing', async () => {
    const { id } = await newPerson(app);
    const { flow, code } = await newCode(app, id, { flow_type: 'api' });
    await guess(flow, code).set('cookie', 'a=b').expect(400);
    await guess(flow, code).set('origin', 'https://evil.example').expect(400);
    expect(await submissions(flow)).toBe(0);
  });

  test('ends the session that the browser sent, and the person’s other links and codes', async () => {
    const { id } = await newPerson(app);
    const [first, second, third] = [await newCode(app, id), await newCode(app, id), await newCode(app, id)];
    const browser = new Browser();
    const enter = ({ flow, code }: typeof first) =>
      browser.post(`${app.publicUrl}/self-service/recovery?flow=${flow}`, { method: 'code', code });
    expect((await enter(first)).location).toContain('/ui/settings?');
    expect((await enter(second)).location).toContain(`/ui/recovery?flow=${second.flow}`);
    const states = await app.admin().get(`/admin/recovery/grants?identity_id=${id}`);
    expect((states.body as { state: string }[]).map(({ state }) => state).sort()).toEqual([
      'revoked',
      'revoked',
      'used',
    ]);
    expect(third.flow).not.toBe(second.flow);
  });

  test('accepts no address instead: nobody is mailed', async () => {
    const { id, email } = await newPerson(app);
    const { flow } = await newCode(app, id);
    const { body } = await submitTo(app, flow, { method: 'code', email }).expect(200);
    expect(body).toMatchObject({ id: flow, state: 'sent_email', ui: { messages: [{ id: WRONG }] } });
    expect(await app.sql('SELECT id FROM courier_message WHERE recipient = $1', [email])).toEqual([]);
  });

  test.each([
    ['number', 123456],
    ['boolean', true],
    ['array', ['123456']],
    ['object', { $ne: 1 }],
  ])('of the type %s is refused because it is not a string, and not counted', async (actual_type, code) => {
    const { id } = await newPerson(app);
    const { flow } = await newCode(app, id);
    const { body } = await guess(flow, code).expect(400);
    const node = (body.ui.nodes as { attributes: { name: string }; messages: object[] }[]).find(
      ({ attributes }) => attributes.name === 'code',
    );
    expect(node!.messages).toMatchObject([{ type: 'error', context: { allowed_types: ['string'], actual_type } }]);
    expect(await submissions(flow)).toBe(0);
  });
});

describe('a code that does not work', () => {
  /** The client's view, without ids, times and this flow's URL. */
  const seen = (body: Record<string, unknown>, flow: string): string =>
    JSON.stringify(body)
      .replaceAll(flow, '<flow>')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');

  async function refused(spoil: (made: { flow: string; code: string; id: string }) => Promise<string | void>) {
    const { id } = await newPerson(app);
    const made = await newCode(app, id);
    const code = (await spoil({ ...made, id })) ?? made.code;
    const before = (await sessions(id)).length;
    const { status, body } = await guess(made.flow, code);
    expect(await sessions(id)).toHaveLength(before);
    return { status, seen: seen(body, made.flow) };
  }

  const kinds: [string, Parameters<typeof refused>[0]][] = [
    ['used', async ({ flow, code }) => void (await guess(flow, code).expect(422))],
    ['of another flow', async () => (await newCode(app, (await newPerson(app)).id)).code],
    ['of another flow of the same person', async ({ id }) => (await newCode(app, id)).code],
    [
      'withdrawn',
      async ({ id }) =>
        void (await app.sql('UPDATE recovery_grant SET revoked_at = clock_timestamp() WHERE identity_id = $1', [id])),
    ],
    [
      'expired',
      async ({ id }) =>
        void (await app.sql('UPDATE recovery_grant SET expires_at = clock_timestamp() WHERE identity_id = $1', [id])),
    ],
    [
      'of an inactive identity',
      async ({ id }) => void (await app.sql(`UPDATE identity SET state = 'inactive' WHERE id = $1`, [id])),
    ],
    ['of a deleted identity', async ({ id }) => void (await app.sql('DELETE FROM identity WHERE id = $1', [id]))],
    [
      'of an identity with a second factor',
      async ({ id }) => void (await app.sql(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [id])),
    ],
    ['not a code at all', async () => 'abc'],
    ['much too long', async () => '1'.repeat(5000)],
  ];

  test.each(kinds)('(%s) gets the same answer as a wrong one, to the byte', async (_name, spoil) => {
    const wrong = await refused(async ({ code }) => otherThan(code));
    expect(wrong.seen).toContain(String(WRONG));
    expect(await refused(spoil)).toEqual(wrong);
  });

  test('is counted, and no guess is left after five', async () => {
    const { id } = await newPerson(app);
    const { flow, code } = await newCode(app, id);
    for (let i = 0; i < 5; i++) await guess(flow, otherThan(code)).expect(200);
    const { headers } = await guess(flow, code).expect(303);
    const next = new URL(headers['location']!);
    expect(next.href).toMatch(new RegExp(`^${app.publicUrl}/self-service/recovery/flows\\?id=[0-9a-f-]{36}$`));
    expect(next.searchParams.get('id')).not.toBe(flow);
    const { body } = await app
      .publicAgent()
      .get(next.pathname + next.search)
      .set('cookie', String(headers['set-cookie']).split(';')[0]!)
      .expect(200);
    const text = 'The request was submitted too often. Please request another code.';
    expect(body).toMatchObject({ state: 'choose_method', ui: { messages: [{ type: 'error', text }] } });
    expect(await sessions(id)).toEqual([]);
    const { flow: other, code: good } = await newCode(app, id);
    const { body: recovered } = await guess(other, good).expect(422);
    expect(recovered.redirect_browser_to).toContain(`${app.publicUrl}/ui/settings?flow=`);
  });

  test.each([[''], [' '], [undefined], [null]])('is counted even if nothing was entered: %j', async (code) => {
    const { id } = await newPerson(app);
    const { flow } = await newCode(app, id);
    const { body } = await guess(flow, code).expect(200);
    expect(body.ui.messages).toMatchObject([{ id: WRONG }]);
    expect(await submissions(flow)).toBe(1);
  });

  test('whose flow has expired leads to a new flow that says so', async () => {
    const { id } = await newPerson(app);
    const { flow, code } = await newCode(app, id);
    await app.sql(`UPDATE recovery_flow SET expires_at = clock_timestamp() - interval '1 minute' WHERE id = $1`, [
      flow,
    ]);
    const gone = await guess(flow, code).expect(303);
    expect(gone.headers['location']).toMatch(/\/self-service\/recovery\/flows\?id=[0-9a-f-]{36}$/);
    const browser = new Browser();
    const answer = await browser.post(`${app.publicUrl}/self-service/recovery?flow=${flow}`, { method: 'code', code });
    expect((await browser.get(answer.location)).text).toContain('This link has expired');
    expect(await sessions(id)).toEqual([]);
  });
});

test('a database dump is not enough to recognise a code', async () => {
  const { id } = await newPerson(app);
  const { flow } = await newCode(app, id);
  const [{ digest } = { digest: Buffer.alloc(0) }] = await app.sql<{ digest: Buffer }>(
    'SELECT digest FROM recovery_grant WHERE flow_id = $1',
    [flow],
  );
  for (const form of ['hex', 'base64', 'latin1'] as const)
    expect((await guess(flow, digest.toString(form).replaceAll('\0', ' ')).expect(200)).body.ui.messages).toMatchObject(
      [{ id: WRONG }],
    );
});
