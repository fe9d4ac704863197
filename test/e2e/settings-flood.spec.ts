import { afterAll, expect, test } from 'vitest';
import type { TestApp } from '../support/app.js';
import { limited, login, stopAll } from '../support/rate-limits.js';
import { PASSWORD, person, signIn } from '../support/sign-in.js';

afterAll(stopAll);

const settingsFlow = async (app: TestApp, token: string): Promise<string> => {
  const { body } = await app.publicAgent().get('/self-service/settings/api').set('x-session-token', token).expect(200);
  return (body as { id: string }).id;
};
const submit = (app: TestApp, token: string, flow: string, form: object) =>
  app
    .publicAgent()
    .post(`/self-service/settings?flow=${flow}`)
    .set({ accept: 'application/json', 'x-session-token': token })
    .send(form);

/*
 * Regression: eighty password changes of one account took all connections and all hashing, so other sign-ins took
 * seconds or got 503.
 */
test('of eighty concurrent changes of one account one is made, the others are told to try again, and other people sign in', async () => {
  const app = await limited({});
  const [somebody, other] = [await person(app), await person(app)];
  const token = await signIn(app, somebody);
  const flow = await settingsFlow(app, token);
  const began = performance.now();
  const flood = Promise.all(
    Array.from({ length: 80 }, (_, at) =>
      submit(app, token, flow, { method: 'password', password: `some new password ${at}` }),
    ),
  );
  const signedIn = await login(app, other, { password: PASSWORD });
  const took = Math.round(performance.now() - began);
  const answers = await flood;
  const made = answers.filter(({ status }) => status === 200).length;
  const refused = answers.filter(({ status }) => status === 429);
  console.log(
    `80 changes at once: ${made} made, ${refused.length} answered 429; another account signed in after ${took} ms`,
  );
  expect(signedIn.status).toBe(200);
  expect(made).toBeGreaterThanOrEqual(1);
  expect(made + refused.length).toBe(80);
  expect(refused.length).toBeGreaterThan(60);
  expect(refused[0]!.headers['retry-after']).toBe('1');
  expect(refused[0]!.body).toMatchObject({ error: { id: 'settings_change_running', code: 429 } });
});

test('a session can submit a limited number of forms a minute, which does not affect the account’s other sessions', async () => {
  const app = await limited({ settings_session: '3/1m' });
  const somebody = await person(app);
  const [one, other] = [await signIn(app, somebody), await signIn(app, somebody)];
  const flow = await settingsFlow(app, one);
  const answers: number[] = [];
  for (let at = 0; at < 5; at++)
    answers.push((await submit(app, one, flow, { method: 'password', password: '' })).status);
  expect(answers).toEqual([400, 400, 400, 429, 429]);
  expect((await submit(app, other, await settingsFlow(app, other), { method: 'password', password: '' })).status).toBe(
    400,
  );
});

test('as in Kratos, changes are made as they arrive', async () => {
  const app = await limited({}, { parity: true });
  const token = await signIn(app, await person(app));
  const flow = await settingsFlow(app, token);
  const answers = await Promise.all(
    Array.from({ length: 4 }, (_, at) =>
      submit(app, token, flow, { method: 'password', password: `some new password ${at}` }),
    ),
  );
  expect(answers.filter(({ status }) => status === 429)).toEqual([]);
  expect(app.configuration.deviations.join()).toContain('regain.settings.one_at_a_time: ');
});
