import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SessionService } from '../../src/session/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { revocations, REVOKE, sessionOf, whoami } from '../support/live-sessions.js';
import { begin, beginNative, credentials, post, send } from '../support/login-steps.js';
import { NEW_PASSWORD, settingsPeople } from '../support/settings-people.js';
import { PASSWORD, person, signIn, signInBrowser } from '../support/sign-in.js';

/**
 * `revoke_active_sessions` after every settings and login flow; after passwords only; nowhere; nowhere, as in Kratos.
 */
let everywhere: TestApp;
let passwords: TestApp;
let nowhere: TestApp;
let parity: TestApp;
beforeAll(async () => {
  const flows = (after: object) => ({ selfservice: { flows: { settings: { after }, login: { after } } } });
  everywhere = await startTestApp({ config: flows(REVOKE) });
  passwords = await startTestApp({
    config: flows({
      password: { ...REVOKE, default_browser_return_url: 'https://app.example.com/password' },
      default_browser_return_url: 'https://app.example.com/any',
    }),
  });
  nowhere = await startTestApp();
  parity = await startTestApp({ parity: true });
});
afterAll(async () => {
  for (const app of [everywhere, passwords, nowhere, parity]) await app?.stop();
});

const password = { method: 'password', password: NEW_PASSWORD };
const profile = (email: string) => ({ method: 'profile', traits: { email, name: { first: 'Ada' } } });

describe('after settings', () => {
  test.each([
    ['a password, with the flow’s hook', () => everywhere, () => password],
    ['traits, with the flow’s hook', () => everywhere, profile],
    ['a password, with the method’s hook', () => passwords, () => password],
    ['a password, without hooks', () => nowhere, () => password],
  ])('%s: the other sessions end', async (_name, the, form) => {
    const app = the();
    const { id, email, token, json } = await settingsPeople(app).browser();
    const [one, other] = [await sessionOf(app, id), await sessionOf(app, (await person(app)).id)];
    await json(form(email)).expect(200);
    expect(await whoami(app, token, one, other)).toEqual([200, 401, 200]);
    expect(await revocations(app, id)).toEqual([{ grant_id: null, outcome: 'success' }]);
  });

  test.each([
    ['traits, if only passwords end sessions', () => passwords, profile],
    ['a password, without hooks, as in Kratos', () => parity, () => password],
    ['traits, without hooks', () => nowhere, profile],
  ])('%s: they stay', async (_name, the, form) => {
    const app = the();
    const { id, email, token, json } = await settingsPeople(app).browser();
    const one = await sessionOf(app, id);
    await json(form(email)).expect(200);
    expect(await whoami(app, token, one)).toEqual([200, 200]);
    expect(await revocations(app, id)).toEqual([]);
  });

  test('a refused change ends nothing', async () => {
    const { id, token, json, age } = await settingsPeople(everywhere).browser();
    const one = await sessionOf(everywhere, id);
    await json({ method: 'password', password: 'short' }).expect(400);
    await age();
    await json(password).expect(403);
    expect(await whoami(everywhere, token, one)).toEqual([200, 200]);
    expect(await revocations(everywhere, id)).toEqual([]);
  });

  test('people are redirected to the method’s URL, else to the flow’s', async () => {
    const { email, form } = await settingsPeople(passwords).browser();
    const to = async (fields: object) => (await form(fields).expect(303)).headers['location'];
    expect(await to(password)).toBe('https://app.example.com/password');
    expect(await to({ method: 'profile', 'traits.email': email })).toBe('https://app.example.com/any');
  });
});

describe('after login', () => {
  test.each([
    ['with the flow’s hook', () => everywhere, [401, 401, 200, 200]],
    ['with the method’s hook', () => passwords, [401, 401, 200, 200]],
    ['not without hooks', () => nowhere, [200, 200, 200, 200]],
  ])('the other sessions end, %s', async (_name, the, statuses) => {
    const app = the();
    const [anna, bob] = [await person(app), await person(app)];
    const [one, two, other] = [
      await sessionOf(app, anna.id),
      await sessionOf(app, anna.id),
      await sessionOf(app, bob.id),
    ];
    expect(await whoami(app, one, two, await signIn(app, anna), other)).toEqual(statuses);
    expect(await revocations(app, anna.id)).toHaveLength(statuses[0] === 401 ? 1 : 0);
  });

  test('a wrong password ends nothing', async () => {
    const anna = await person(everywhere);
    const one = await sessionOf(everywhere, anna.id);
    await send(everywhere, await beginNative(everywhere), credentials(anna, 'wrong wrong wrong')).expect(400);
    expect(await whoami(everywhere, one)).toEqual([200]);
  });

  test('a confirmed session stays, with a new token; the others end', async () => {
    const anna = await person(everywhere);
    const agent = await signInBrowser(everywhere, anna);
    const one = await sessionOf(everywhere, anna.id);
    const before = await agent.get('/sessions/whoami').expect(200);
    const flow = await begin(agent, '?refresh=true');
    await post(agent, flow, { ...credentials(anna, PASSWORD) }).expect(303);
    const after = await agent.get('/sessions/whoami').expect(200);
    expect(after.body.id).toBe(before.body.id);
    expect(await whoami(everywhere, one)).toEqual([401]);
  });

  test('of many concurrent logins one session is left', async () => {
    const anna = await person(everywhere);
    for (let round = 0; round < 5; round++) {
      const tokens = await Promise.all(Array.from({ length: 8 }, () => signIn(everywhere, anna)));
      expect((await whoami(everywhere, ...tokens)).filter((status) => status === 200)).toHaveLength(1);
    }
  });

  test('sessions that start without a login end nothing', async () => {
    const anna = await person(everywhere);
    const one = await sessionOf(everywhere, anna.id);
    await everywhere.get(SessionService).issue({ identityId: anna.id, methods: ['password'], origin: 'import' });
    expect(await whoami(everywhere, one)).toEqual([200]);
  });
});
