import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../../test/support/app.js';
import { codeTo, mailed, newCode, otherThan } from '../../../test/support/mail.js';
import { newPerson } from '../../../test/support/people.js';
import { browserFlow } from '../../../test/support/recovery-flows.js';
import { csrfOf } from '../../../test/support/settings-people.js';

const PRESSES = 4;

let app: TestApp;
beforeAll(
  async () => void (app = await startTestApp({ config: mailed('code', { regain: { database: { pool: 30 } } }) })),
);
afterAll(() => app.stop());

type Presses = { status: number; headers: Record<string, string> }[];
const tokenOf = ({ headers }: Presses[number]): string =>
  /ory_kratos_session=([^;]+)/.exec(String(headers['set-cookie']))?.[1] ?? '';
const whoami = async (token: string) =>
  (await app.publicAgent().get('/sessions/whoami').set('x-session-token', token)).status;
const live = (identityId: string) => app.sql('SELECT id FROM session WHERE identity_id = $1 AND active', [identityId]);

/** All browsers have read the flow before any redeems. */
async function together(identityId: string, press: () => PromiseLike<Presses[number]>): Promise<Presses> {
  const held = app.sql(
    'WITH held AS (SELECT id FROM identity WHERE id = $1 FOR UPDATE) SELECT pg_sleep(1.5) FROM held',
    [identityId],
  );
  await new Promise((done) => setTimeout(done, 100));
  const presses = await Promise.all(Array.from({ length: PRESSES }, press));
  await held;
  return presses;
}

test('concurrent submissions from one browser all succeed; one session is live, and it is one of those issued', async () => {
  for (let round = 0; round < 3; round++) {
    const { id, email } = await newPerson(app);
    const begun = await browserFlow(app);
    await begun.form({ method: 'code', email }).expect(303);
    const code = await codeTo(app, email);
    const presses = await together(id, () => begun.form({ method: 'code', code }));
    expect(presses.map(({ headers }) => headers['location'])).toEqual(
      Array(PRESSES).fill(expect.stringContaining('/ui/settings?flow=')),
    );
    expect(await live(id)).toHaveLength(1);
    const alive = (await Promise.all(presses.map((press) => whoami(tokenOf(press))))).filter(
      (status) => status === 200,
    );
    expect(alive).toHaveLength(1);
  }
});

test('another browser, or none, with an administrator’s code gets nothing the second time', async () => {
  const { id } = await newPerson(app);
  const { flow, code } = await newCode(app, id);
  const press = (cookie?: string) => {
    const post = app.publicAgent().post(`/self-service/recovery?flow=${flow}`).set('accept', 'text/html').type('form');
    return (cookie === undefined ? post : post.set('cookie', cookie)).send({ method: 'code', code });
  };
  const seeded = await app.publicAgent().get('/self-service/recovery/browser').set('accept', 'text/html').expect(303);
  const [name = '', seed = ''] = String(seeded.headers['set-cookie']).split(';')[0]!.split('=');
  const first = await press(`${name}=${seed}`);
  expect(first.headers['location']).toContain('/ui/settings');
  for (const cookie of [undefined, `${name}=${'x'.repeat(43)}`])
    expect((await press(cookie)).headers['location']).toContain('/ui/recovery');
  expect(await whoami(tokenOf(first as never))).toBe(200);
  const again = await press(`${name}=${seed}`);
  expect(again.headers['location']).toContain('/ui/settings');
  expect(await whoami(tokenOf(first as never))).toBe(401);
  expect(await live(id)).toHaveLength(1);
});

test('nobody can repeat it a minute later', async () => {
  const { id } = await newPerson(app);
  const { flow, code } = await newCode(app, id);
  const seeded = await app.publicAgent().get('/self-service/recovery/browser').set('accept', 'text/html').expect(303);
  const pair = String(seeded.headers['set-cookie']).split(';')[0]!;
  const press = () =>
    app
      .publicAgent()
      .post(`/self-service/recovery?flow=${flow}`)
      .set({ accept: 'text/html', cookie: pair })
      .type('form')
      .send({ method: 'code', code });
  expect((await press()).headers['location']).toContain('/ui/settings');
  await app.sql(`UPDATE recovery_grant SET used_at = used_at - interval '61 seconds' WHERE identity_id = $1`, [id]);
  expect((await press()).headers['location']).toContain('/ui/recovery');
});

/**
 * A flow with a mailed code, and a function that submits its form with that cookie and token, whatever an answer has
 * set since.
 */
async function mailedCode() {
  const { id, email } = await newPerson(app);
  const begun = await app
    .publicAgent()
    .get('/self-service/recovery/browser')
    .set('accept', 'application/json')
    .expect(200);
  const browser = { cookie: seedOf(begun as never), csrf_token: csrfOf(begun.body as never) };
  const send = (from: typeof browser, fields: object) =>
    app
      .publicAgent()
      .post(`/self-service/recovery?flow=${(begun.body as { id: string }).id}`)
      .set({ accept: 'text/html', cookie: from.cookie })
      .type('form')
      .send({ csrf_token: from.csrf_token, method: 'code', ...fields });
  await send(browser, { email }).expect(303);
  return { id, flow: (begun.body as { id: string }).id, browser, send, code: await codeTo(app, email) };
}

const seedOf = ({ headers }: Presses[number]): string => /csrf_token_[^;]+/.exec(String(headers['set-cookie']))![0];
const guesses = async (flow: string) =>
  (await app.sql<{ n: number }>('SELECT submit_count AS n FROM recovery_flow WHERE id = $1', [flow]))[0]!.n;

describe('a submission after the first was answered', () => {
  test('from the page as it was succeeds: only the last session is live', async () => {
    const { id, browser, send, code } = await mailedCode();
    const [first, second] = [await send(browser, { code }), await send(browser, { code })];
    for (const { headers } of [first, second]) expect(headers['location']).toContain('/ui/settings?flow=');
    expect(await whoami(tokenOf(first as never))).toBe(401);
    expect(await whoami(tokenOf(second as never))).toBe(200);
    expect(await live(id)).toHaveLength(1);
  });

  test('from the page as the browser reads it now succeeds too, and so do later ones', async () => {
    const { id, flow, browser, send, code } = await mailedCode();
    let cookie = seedOf((await send(browser, { code })) as never);
    for (let press = 0; press < 3; press++) {
      const shown = await app
        .publicAgent()
        .get(`/self-service/recovery/flows?id=${flow}`)
        .set({ accept: 'application/json', cookie })
        .expect(200);
      const answer = await send({ cookie, csrf_token: csrfOf(shown.body as never) }, { code });
      expect(answer.headers['location']).toContain('/ui/settings?flow=');
      cookie = seedOf(answer as never);
    }
    expect(await live(id)).toHaveLength(1);
  });

  test('succeeds even if the first was the last guess, but compares no other code', async () => {
    const { flow, browser, send, code } = await mailedCode();
    for (let wrong = 0; wrong < 4; wrong++) await send(browser, { code: otherThan(code) }).expect(303);
    await send(browser, { code }).expect(303);
    expect(await guesses(flow)).toBe(5);
    expect((await send(browser, { code })).headers['location']).toContain('/ui/settings?flow=');
    expect(await guesses(flow)).toBe(5);
    expect((await send(browser, { code: otherThan(code) })).headers['location']).not.toContain('/ui/settings');
  });

  test('from a browser that only knows the code is refused, and changes nothing', async () => {
    const { id, browser, send, code } = await mailedCode();
    const other = await mailedCode();
    const first = await send(browser, { code });
    const stolen = { cookie: browser.cookie, csrf_token: other.browser.csrf_token };
    for (const from of [other.browser, stolen, { ...browser, csrf_token: '' }, { ...browser, cookie: 'a=b' }])
      expect((await send(from, { code })).headers['location']).not.toContain('/ui/settings');
    expect(await whoami(tokenOf(first as never))).toBe(200);
    expect(await live(id)).toHaveLength(1);
  });

  test.each([
    [
      'a minute has passed',
      `UPDATE recovery_grant SET used_at = used_at - interval '61 seconds' WHERE identity_id = $1`,
    ],
    ['the session has ended', 'UPDATE session SET active = false WHERE identity_id = $1'],
    ['the code was withdrawn', 'UPDATE recovery_grant SET revoked_at = clock_timestamp() WHERE identity_id = $1'],
    ['the identity is inactive', `UPDATE identity SET state = 'inactive' WHERE id = $1`],
  ])('is refused once %s', async (_name, sql) => {
    const { id, browser, send, code } = await mailedCode();
    await send(browser, { code }).expect(303);
    const before = await app.sql('SELECT id FROM session WHERE identity_id = $1', [id]);
    await app.sql(sql, [id]);
    expect((await send(browser, { code })).headers['location']).not.toContain('/ui/settings');
    expect(await app.sql('SELECT id FROM session WHERE identity_id = $1', [id])).toHaveLength(before.length);
  });
});
