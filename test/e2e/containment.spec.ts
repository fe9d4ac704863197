import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { handOverPeople, type HandOverPeople } from '../support/hand-over-people.js';
import { mailed, mailTo } from '../support/mail.js';

let safe: TestApp;
let parity: TestApp;
beforeAll(async () => {
  safe = await startTestApp({ config: mailed('code') });
  parity = await startTestApp({ config: mailed('code'), parity: true });
}, 90_000);
afterAll(async () => {
  for (const app of [safe, parity]) await app?.stop();
});

const NEW = 'an entirely new pass phrase 1';
const CONTAINED = 4_019_002;
const WRONG = 4_000_006;

const standingOf = async (app: TestApp, id: string) => {
  const { body } = await app.admin().get(`/admin/identities/${id}`).expect(200);
  return body as { hand_over?: { state: string; by: string }; containment?: { mode: string } };
};

describe.each([
  ['by default', () => safe],
  ['otherwise as in Kratos', () => parity],
])('a contained account, %s', (_name, the) => {
  let people: HandOverPeople;
  let app: TestApp;
  beforeAll(() => {
    app = the();
    people = handOverPeople(app);
  });

  test('opens to nothing older, at once; its owner gets it back with the link', async () => {
    const anna = await people.withPassword();
    const { token } = await people.signIn(anna);
    const earlier = await people.issued(anna, 'code');
    const desk = await people.issued(anna, 'code', { contain: true });
    expect(await people.alive(token)).toBe(false);
    expect(await people.signIn(anna)).toMatchObject({ status: 400, messages: [CONTAINED] });
    expect(await earlier.redeem()).toBeUndefined();
    expect(await standingOf(app, anna.id)).toMatchObject({ containment: { mode: 'all' } });
    expect((await app.admin().get('/admin/identities?contained=true').expect(200)).body).toContainEqual(
      expect.objectContaining({ id: anna.id }),
    );

    const owner = (await desk.redeem())!;
    expect(await standingOf(app, anna.id)).toMatchObject({ hand_over: { state: 'open', by: 'admin' } });
    expect(await people.signIn(anna)).toMatchObject({ status: 400, messages: [CONTAINED] });
    expect(await owner.setPassword(NEW)).toBe(200);
    expect(await people.alive(owner.token)).toBe(true);
    expect(await people.signIn(anna)).toMatchObject({ messages: [WRONG] });
    expect(await people.signIn(anna, NEW)).toMatchObject({ status: 200 });
    const after = await standingOf(app, anna.id);
    expect([after.containment, after.hand_over]).toEqual([undefined, undefined]);
  });

  test('mails no secret on request, and gives the same answer', async () => {
    const anna = await people.withPassword();
    await people.issued(anna, 'code', { contain: true });
    expect(await people.recoverByMail(anna)).toBeUndefined();
    expect(
      (await mailTo(app, anna.email)).filter(({ template_type }) => template_type === 'recovery_code_valid'),
    ).toEqual([]);
  });

  test('can be recovered by mail if the mode allows it', async () => {
    const anna = await people.withPassword();
    await people.issued(anna, 'code', { contain: 'keep_mail' });
    expect(await people.signIn(anna)).toMatchObject({ messages: [CONTAINED] });
    const owner = await people.recoverByMail(anna);
    expect(await owner!.setPassword(NEW)).toBe(200);
    expect(await people.signIn(anna, NEW)).toMatchObject({ status: 200 });
  });

  test('ends the recovery session when its time is over, and stays contained', async () => {
    const anna = await people.withPassword();
    const owner = (await (await people.issued(anna, 'code', { contain: true })).redeem())!;
    await people.lapse(anna);
    expect(await people.alive(owner.token)).toBe(false);
    expect(await people.signIn(anna)).toMatchObject({ messages: [CONTAINED] });
    const again = (await (await people.issued(anna, 'code')).redeem())!;
    expect(await again.setPassword(NEW)).toBe(200);
  });

  test('a second call issues another grant and ends nothing more', async () => {
    const anna = await people.withPassword();
    const owner = (await (await people.issued(anna, 'code', { contain: true })).redeem())!;
    await people.issued(anna, 'code', { contain: true });
    expect(await people.alive(owner.token)).toBe(true);
    expect(await owner.setPassword(NEW)).toBe(200);
  });

  test('is released by an administrator: older credentials sign in, ended sessions stay ended', async () => {
    const anna = await people.withPassword();
    const { token } = await people.signIn(anna);
    await people.issued(anna, 'code', { contain: true });
    await app.admin().delete(`/admin/identities/${anna.id}/containment`).expect(204);
    expect(await people.alive(token)).toBe(false);
    expect(await people.signIn(anna)).toMatchObject({ status: 200 });
    await app.admin().delete(`/admin/identities/${anna.id}/containment`).expect(204);
  });

  test('stays contained when an administrator sets a password, unless the request lifts it', async () => {
    const anna = await people.withPassword();
    await people.issued(anna, 'code', { contain: true });
    const put = (password: string, more: object = {}) =>
      app
        .admin()
        .put(`/admin/identities/${anna.id}`)
        .send({
          schema_id: 'person',
          state: 'active',
          traits: { email: anna.email },
          credentials: { password: { config: { password } } },
          ...more,
        });
    await put(NEW).expect(200);
    expect(await people.signIn(anna, NEW)).toMatchObject({ messages: [CONTAINED] });
    await put(NEW, { lift: true }).expect(400);
    await put(`${NEW}23`, { lift: true }).expect(200);
    expect(await people.signIn(anna, `${NEW}23`)).toMatchObject({ status: 200 });
  });

  test('loses the credentials to reset, and never the one just set', async () => {
    const anna = await people.withPassword({
      credentials: {
        password: { config: { password: people.password } },
        oidc: { config: { providers: [{ provider: 'acme', subject: `of-somebody-${Math.random()}` }] } },
      },
    });
    const owner = (await (await people.issued(anna, 'code', { contain: true, reset: ['oidc', 'password'] })).redeem())!;
    expect(await owner.setPassword(NEW)).toBe(200);
    const { body } = await app.admin().get(`/admin/identities/${anna.id}?include_credential=oidc`).expect(200);
    expect(body.credentials.oidc.identifiers).toEqual([]);
    expect(await people.signIn(anna, NEW)).toMatchObject({ status: 200 });
  });
});

describe('an open hand-over', () => {
  test('is cancelled by an administrator: its session ends, older credentials sign in', async () => {
    const people = handOverPeople(safe);
    const anna = await people.withPassword();
    const owner = await people.recover(anna, 'code');
    await safe.admin().delete(`/admin/identities/${anna.id}/hand-over`).expect(204);
    expect(await people.alive(owner.token)).toBe(false);
    const { status, token } = await people.signIn(anna);
    expect(status).toBe(200);
    expect(await people.settingsOf(token!).setPassword(NEW)).toBe(400);
    expect(await standingOf(safe, anna.id)).toMatchObject({ hand_over: { state: 'abandoned' } });
    await safe.admin().delete(`/admin/identities/${anna.id}/hand-over`).expect(204);
  });

  test('is closed by an administrator’s different password, and not by the same one', async () => {
    const people = handOverPeople(safe);
    const anna = await people.withPassword();
    const owner = await people.recover(anna, 'code');
    const put = (password: string) =>
      safe
        .admin()
        .put(`/admin/identities/${anna.id}`)
        .send({
          schema_id: 'person',
          state: 'active',
          traits: { email: anna.email },
          credentials: { password: { config: { password } } },
        })
        .expect(200);
    await put(people.password);
    expect(await people.alive(owner.token)).toBe(true);
    await put(NEW);
    expect(await people.alive(owner.token)).toBe(false);
    expect(await people.signIn(anna, NEW)).toMatchObject({ status: 200 });
  });

  test('is shown to administrators, not to the person', async () => {
    const people = handOverPeople(safe);
    const anna = await people.withPassword();
    const owner = await people.recover(anna, 'code');
    const whoami = await safe.publicAgent().get('/sessions/whoami').set('x-session-token', owner.token).expect(200);
    expect(JSON.stringify(whoami.body)).not.toMatch(/hand_over|containment/);
    expect(await standingOf(safe, anna.id)).toMatchObject({ hand_over: { state: 'open' } });
  });
});

describe('required scopes', () => {
  const link = async (app: TestApp, scopes: string[], body: object) => {
    const { id } = await handOverPeople(app).withPassword();
    return app
      .admin(await app.token(...scopes))
      .post('/admin/recovery/link')
      .send({ identity_id: id, ...body });
  };

  test.each([
    [['recovery:issue'], { contain: true }, 'session:write'],
    [['recovery:issue'], { contain: 'keep_mail' }, 'session:write'],
    [['recovery:issue', 'session:write'], { reset: ['password'] }, 'credentials:write'],
  ])('%j is not enough for %j', async (scopes, body, missing) => {
    const answer = await link(safe, scopes, body);
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([403, expect.stringContaining(missing)]);
  });

  test.each([[{ contain: 'yes' }], [{ contain: 1 }], [{ reset: ['passwords'] }], [{ reset: 'password' }]])(
    '%j is refused',
    async (body) => expect((await link(safe, ['*'], body)).status).toBe(400),
  );

  test.each(['hand-over', 'containment'])('ending a %s needs session:write, and an identity', async (what) => {
    const { id } = await handOverPeople(safe).withPassword();
    const poor = safe.admin(await safe.token('recovery:issue'));
    await poor.delete(`/admin/identities/${id}/${what}`).expect(403);
    await safe.admin().delete(`/admin/identities/00000000-0000-4000-8000-000000000000/${what}`).expect(404);
    await safe.admin().delete(`/admin/identities/nobody/${what}`).expect(404);
  });
});

describe('if the person could set no credential', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ config: { selfservice: { methods: { password: { enabled: false } } } } });
  });
  afterAll(() => app?.stop());

  test('the account is not contained', async () => {
    const people = handOverPeople(app);
    const anna = await people.withPassword();
    const contain = { identity_id: anna.id, contain: true };
    await app.admin().post('/admin/recovery/link').send(contain).expect(409);
    expect((await standingOf(app, anna.id)).containment).toBeUndefined();
  });
});
