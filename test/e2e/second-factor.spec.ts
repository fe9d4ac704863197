import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { sessionOf } from '../support/live-sessions.js';
import { begin, beginNative, credentials, messages, native, post, send } from '../support/login-steps.js';
import type { Person } from '../support/people.js';
import { NEW_PASSWORD, PATH } from '../support/settings-people.js';
import { person, signIn } from '../support/sign-in.js';

/** Three configurations: the default; second factors ignored; ignored, but with the highest level required. */
let refusing: TestApp;
let ignoring: TestApp;
let highest: TestApp;
beforeAll(async () => {
  const ignore = { regain: { recovery: { second_factor: 'ignore' } } };
  refusing = await startTestApp();
  ignoring = await startTestApp({ config: ignore });
  highest = await startTestApp({
    config: {
      ...ignore,
      session: { whoami: { required_aal: 'highest_available' } },
      selfservice: { flows: { settings: { required_aal: 'highest_available' } } },
    },
  });
});
afterAll(async () => {
  for (const app of [refusing, ignoring, highest]) await app?.stop();
});

/** A person with a password, and an imported second factor. */
async function guarded(app: TestApp): Promise<Person> {
  const anna = await person(app);
  await app.sql(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [anna.id]);
  return anna;
}
/** A session that proved the second factor on its original system. */
async function proven(app: TestApp, { id }: Person): Promise<string> {
  const token = await sessionOf(app, id);
  await app.sql(`UPDATE session SET aal = 'aal2' WHERE identity_id = $1`, [id]);
  return token;
}
const by = (app: TestApp, token: string) =>
  app.publicAgent().set('x-session-token', token) as ReturnType<TestApp['publicAgent']>;

const UNCHECKED =
  'This account is protected by a second factor, which cannot be checked here. Please contact support for assistance.';
const REQUIRED = (app: TestApp) => {
  const where = { redirect_browser_to: `${app.publicUrl}/self-service/login/browser?aal=aal2` };
  return {
    error: {
      id: 'session_aal2_required',
      code: 403,
      status: 'Forbidden',
      reason:
        'An active session was found but it does not fulfill the requested Authenticator Assurance Level. Please verify yourself with a second factor to resolve this issue.',
      message: 'Session does not fulfill the requested Authenticator Assurance Level',
      details: where,
    },
    ...where,
  };
};

describe('login', () => {
  test('is refused, and says why to people who know the password', async () => {
    const anna = await guarded(refusing);
    const answer = await send(refusing, await beginNative(refusing), credentials(anna)).expect(400);
    expect(answer.body.ui.messages).toEqual([
      { id: 4000001, text: UNCHECKED, type: 'error', context: { reason: UNCHECKED } },
    ]);
    expect(await refusing.sql('SELECT id FROM session WHERE identity_id = $1', [anna.id])).toEqual([]);
    const refused = `SELECT outcome FROM audit_event WHERE action = 'session.login' AND target_id = $1`;
    await expect.poll(() => refusing.sql(refused, [anna.id])).toEqual([{ outcome: 'refused' }]);
  });

  test('a browser returns to the form, which says so', async () => {
    const agent = refusing.publicAgent();
    const flow = await begin(agent);
    const answer = await post(agent, flow, credentials(await guarded(refusing))).expect(303);
    expect(answer.headers['location']).toBe(`${refusing.publicUrl}/ui/login?flow=${flow.id}`);
    const page = await agent.get(`/ui/login?flow=${flow.id}`).expect(200);
    expect(page.text).toContain('protected by a second factor');
  });

  test('with a wrong password it looks like anyone else’s', async () => {
    const [anna, bob] = [await guarded(refusing), await person(refusing)];
    const bodies = [anna, bob].map(async (who) => {
      const { body } = await send(refusing, await beginNative(refusing), credentials(who, 'not the password')).expect(
        400,
      );
      return messages(body);
    });
    expect(await Promise.all(bodies)).toEqual([[4000006], [4000006]]);
  });

  test('an account that is also disabled is reported as disabled', async () => {
    const anna = await guarded(refusing);
    await refusing.sql(`UPDATE identity SET state = 'inactive' WHERE id = $1`, [anna.id]);
    const { body } = await send(refusing, await beginNative(refusing), credentials(anna)).expect(400);
    expect(messages(body)).toEqual([4010011]);
  });

  test('with second_factor ignore, the password alone lets the person in', async () => {
    const anna = await guarded(ignoring);
    const answer = await by(ignoring, await signIn(ignoring, anna))
      .get('/sessions/whoami')
      .expect(200);
    expect(answer.body.authenticator_assurance_level).toBe('aal1');
  });
});

describe('settings', () => {
  test('cannot be started, read or submitted with the first factor alone', async () => {
    const anna = await person(refusing);
    const agent = by(refusing, await signIn(refusing, anna));
    const { body: flow } = await agent.get(`${PATH}/api`).expect(200);
    await refusing.sql(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [anna.id]);
    const answers = [
      await agent.get(`${PATH}/api`),
      await agent.get(`${PATH}/browser`).set('accept', 'application/json'),
      await agent.get(`${PATH}/flows?id=${flow.id}`),
      await agent.post(`${PATH}?flow=${flow.id}`).send({ method: 'password', password: NEW_PASSWORD }),
    ];
    for (const { status, body } of answers)
      expect({ status, ...body.error }).toMatchObject({
        status: 'Forbidden',
        id: 'session_aal2_required',
        reason: UNCHECKED,
      });
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    await send(refusing, await beginNative(refusing), credentials(anna, NEW_PASSWORD)).expect(400);
  });

  test('a browser is shown an error page that says why', async () => {
    const anna = await person(refusing);
    const agent = refusing.publicAgent();
    agent.jar.setCookie(`ory_kratos_session=${await signIn(refusing, anna)}`, '127.0.0.1', '/');
    await refusing.sql(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [anna.id]);
    const away = await agent.get(`${PATH}/browser`).set('accept', 'text/html').expect(303);
    const id = new URL(away.headers['location'] ?? '').searchParams.get('id');
    const { body } = await agent.get(`/self-service/errors?id=${id}`).expect(200);
    expect(body.error).toMatchObject({ code: 403, reason: UNCHECKED });
  });

  test('open for an imported session with the second factor', async () => {
    for (const app of [refusing, highest]) {
      const agent = by(app, await proven(app, await guarded(app)));
      await agent.get(`${PATH}/api`).expect(200);
    }
  });

  test('with second_factor ignore they open, unless the highest level is required', async () => {
    const open = await guarded(ignoring);
    await by(ignoring, await signIn(ignoring, open))
      .get(`${PATH}/api`)
      .expect(200);
    const shut = await guarded(highest);
    const { status, body } = await by(highest, await signIn(highest, shut)).get(`${PATH}/api`);
    expect([status, body]).toEqual([403, REQUIRED(highest)]);
  });

  test('highest_available is aal1 for an identity without a second factor', async () => {
    await by(highest, await signIn(highest, await person(highest)))
      .get(`${PATH}/api`)
      .expect(200);
  });
});

describe('whoami', () => {
  test('with highest_available: 403 if the session did not prove the second factor', async () => {
    const anna = await guarded(highest);
    const answer = await by(highest, await signIn(highest, anna)).get('/sessions/whoami');
    expect([answer.status, answer.body]).toEqual([403, REQUIRED(highest)]);
    expect(answer.headers['x-kratos-authenticated-identity-id']).toBe(undefined);
  });

  test('with highest_available: 200 if it did, and if there is none', async () => {
    for (const token of [await proven(highest, await guarded(highest)), await signIn(highest, await person(highest))])
      await by(highest, token).get('/sessions/whoami').expect(200);
    await native(highest).get('/sessions/whoami').expect(401);
  });

  test('with aal1, the first factor is enough', async () => {
    const anna = await guarded(ignoring);
    await by(ignoring, await signIn(ignoring, anna))
      .get('/sessions/whoami')
      .expect(200);
  });
});
