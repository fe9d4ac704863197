import type { Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.js';
import { begin, cookies, credentials, post } from '../support/login-steps.js';
import { newLink } from '../support/links.js';
import { newPerson, type Person } from '../support/people.js';
import { attempts, limited, login, newNetwork, NOBODY, shape, statuses, stopAll } from '../support/rate-limits.js';
import { field, PASSWORD, person, signInBrowser } from '../support/sign-in.js';

type Agent = ReturnType<TestApp['publicAgent']>;

let app: TestApp;
beforeAll(async () => {
  app = await limited({
    login_network: '40/1h',
    login_device: '5/1h',
    login_identifier: '3/1h',
    login_identifier_total: '7/1h',
  });
});
afterAll(stopAll);

/** Signs in with a password from a browser that keeps its cookies, after ending all sessions. */
async function submit(agent: Agent, who: Person, from: string, password = PASSWORD): Promise<Response> {
  await app.sql('UPDATE session SET active = false');
  const flow = await begin(agent);
  return post(agent, flow, credentials(who, password)).set('x-forwarded-for', from);
}
const isIn = ({ status, headers }: Response): boolean =>
  status === 303 && cookies({ headers: headers as never }).some((line) => line.startsWith('ory_kratos_session='));

/** Uses up what an identifier may have from all networks together. */
const attack = (who: Person) => attempts(9, () => login(app, who, { from: newNetwork() }));

describe('an owner whose password strangers guess', () => {
  test('signs in from a known browser, from any network, however many guess', async () => {
    const anna = await person(app);
    const agent = await signInBrowser(app, anna);
    expect(statuses(await attack(anna)).at(-1)).toBe(429);
    const from = newNetwork();
    await attempts(45, () => login(app, NOBODY, { from }));
    const answers = await attempts(4, () => submit(agent, anna, from));
    expect(answers.map(isIn)).toEqual([true, true, true, true]);
  });

  test('signs in from a known network without guessers', async () => {
    const bert = await person(app);
    const home = newNetwork();
    expect((await login(app, bert, { from: home, password: PASSWORD })).status).toBe(200);
    await attack(bert);
    expect((await login(app, bert, { from: home, password: PASSWORD })).status).toBe(200);
    await attack(bert);
    expect(statuses(await attempts(4, () => login(app, bert, { from: home })))).toEqual([400, 400, 400, 429]);
  });

  test('elsewhere is offered recovery by mail, in the API and on the page', async () => {
    const carl = await person(app);
    await attack(carl);
    const { status, body } = await login(app, carl, { from: newNetwork(), password: PASSWORD });
    const url = `${app.publicUrl}/self-service/recovery/browser`;
    expect(status).toBe(429);
    expect(body).toMatchObject({ error: { id: 'rate_limited', details: { recovery_url: url } } });
    expect((body as { error: { reason: string } }).error.reason).toContain(url);
    const page = await submit(app.publicAgent(), carl, newNetwork());
    expect(page.status).toBe(429);
    expect(page.text).toContain(`href="${url}"`);
    await app.publicAgent().get('/self-service/recovery/browser').expect(303);
  });

  test('an unknown address gets the same answers, with and without another person’s known browser', async () => {
    const dora = await person(app);
    const other = await person(app);
    const [one, two] = [await signInBrowser(app, other), await signInBrowser(app, other)];
    const known = [await attack(dora), await attempts(2, () => submit(one, dora, newNetwork()))].flat();
    const nobody = { ...NOBODY, email: 'nobody.with.lanes@example.com' };
    const unknown = [await attack(nobody), await attempts(2, () => submit(two, nobody, newNetwork()))].flat();
    const plain = (answers: Response[]) =>
      answers.map((answer) => (answer.status === 429 ? { ...shape(answer), body: null } : answer.status));
    expect(plain(unknown)).toEqual(plain(known));
  });
});

describe('a known browser', () => {
  test('has its own limit, beyond which it is treated like any other', async () => {
    const emil = await person(app);
    const agent = await signInBrowser(app, emil);
    const wrong = await attempts(5, () => submit(agent, emil, newNetwork(), 'wrong'));
    expect(new Set(statuses(wrong))).toEqual(new Set([303]));
    await attack(emil);
    expect((await submit(agent, emil, newNetwork())).status).toBe(429);
  });

  test('is known only to its own account', async () => {
    const [fay, gus] = [await person(app), await person(app)];
    const agent = await signInBrowser(app, fay);
    await attack(gus);
    expect((await submit(agent, gus, newNetwork())).status).toBe(429);
  });

  test('cannot be forged, changed or kept beyond its time', async () => {
    const hal = await person(app);
    const agent = await signInBrowser(app, hal);
    const value = agent.jar.getCookie('regain_device', { path: '/', domain: '127.0.0.1' } as never)!.value;
    const [identity, id, epoch, made, mac] = value.split('.');
    await attack(hal);
    const forged = [
      [identity, id, epoch, String(Number(made) + 1), mac],
      [identity, id, String(Number(epoch) + 1), made, mac],
      [identity, 'x'.repeat(22), epoch, made, mac],
      [identity, id, epoch, made, 'A'.repeat(43)],
    ].map((parts) => parts.join('.'));
    for (const cookie of forged) {
      const stranger = app.publicAgent();
      const flow = await begin(stranger);
      const csrf = stranger.jar
        .getCookies({ path: '/', domain: '127.0.0.1', secure: false, script: false } as never)
        .toValueString();
      const answer = await stranger
        .post(`/self-service/login?flow=${flow.id}`)
        .set({ accept: 'text/html', cookie: `${csrf}; regain_device=${cookie}`, 'x-forwarded-for': newNetwork() })
        .type('form')
        .send({ csrf_token: field(flow, 'csrf_token'), ...credentials(hal) });
      expect(answer.status).toBe(429);
    }
    expect(isIn(await submit(agent, hal, newNetwork()))).toBe(true);
  });

  test('stores no network and no address in plain text', async () => {
    const ida = await person(app);
    await login(app, ida, { from: '198.51.100.99', password: PASSWORD });
    const rows = await app.sql<{ digest: Buffer }>('SELECT digest FROM known_network WHERE identity_id = $1', [ida.id]);
    expect(rows.map(({ digest }) => digest.length)).toEqual([32]);
  });
});

/** Someone with the old password had a known browser too. */
test('a new credential forgets every browser and network except its own', async () => {
  const jan = await person(app);
  const [thief, thiefs] = [await signInBrowser(app, jan), newNetwork()];
  await login(app, jan, { from: thiefs, password: PASSWORD });
  const link = await newLink(app, jan.id);
  const owner = app.publicAgent();
  const page = await owner.get(`/ui/confirm${link.search}`).expect(200);
  const proof = /name="proof" value="([^"]+)"/.exec(page.text)![1]!;
  const home = newNetwork();
  const went = await owner
    .post('/self-service/recovery')
    .set({ accept: 'text/html', 'x-forwarded-for': home })
    .type('form')
    .send({ ...Object.fromEntries(link.searchParams), proof });
  const id = new URL(went.headers['location'] as string).searchParams.get('flow')!;
  const flow = (await owner.get(`/self-service/settings/flows?id=${id}`).set('accept', 'application/json').expect(200))
    .body as never;
  const fresh = 'another long walk by the sea';
  const saved = await owner
    .post(`/self-service/settings?flow=${id}`)
    .set({ accept: 'text/html', 'x-forwarded-for': home })
    .type('form')
    .send({ method: 'password', password: fresh, csrf_token: field(flow, 'csrf_token') });
  expect(cookies(saved).some((line) => line.startsWith('regain_device='))).toBe(true);
  await attack(jan);
  expect((await submit(thief, jan, newNetwork(), fresh)).status).toBe(429);
  expect((await login(app, jan, { from: thiefs, password: fresh })).status).toBe(429);
  expect((await login(app, jan, { from: home, password: fresh })).status).toBe(200);
  await attack(jan);
  expect(isIn(await submit(owner, jan, newNetwork(), fresh))).toBe(true);
});

test('as in Kratos, no browser is known, and the start says so', async () => {
  const parity = await limited({}, { parity: true });
  const anna = await newPerson(parity, { credentials: { password: { config: { password: PASSWORD } } } });
  const agent = parity.publicAgent();
  const flow = await begin(agent);
  const answer = await post(agent, flow, credentials(anna));
  expect(cookies(answer).map((line) => line.split('=')[0])).not.toContain('regain_device');
  expect(await parity.sql('SELECT 1 FROM known_network')).toEqual([]);
  expect(parity.configuration.deviations.join()).toContain('regain.login.known_for: ');
});
