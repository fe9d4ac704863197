/** The main job through two versions of Ory's own Kratos client alone. */
import * as kratos26 from '@ory/kratos-client';
import * as kratos25 from 'kratos-client-25';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.js';
import { axiosRefusal, CHOSEN, codeIn, flowIn, handedOver, newAddress, NOBODY, startSdkApp } from '../support/sdk.js';

/** What the versions have in common. */
interface Clients {
  frontend: Pick<kratos26.FrontendApi, keyof kratos26.FrontendApi>;
  identities: Pick<kratos26.IdentityApi, keyof kratos26.IdentityApi>;
  courier: Pick<kratos26.CourierApi, keyof kratos26.CourierApi>;
}

let app: TestApp;
beforeAll(async () => void (app = await startSdkApp()));
afterAll(() => app.stop());

const bearer = (): object => ({ headers: { Authorization: `Bearer ${app.pat}` } });

function clients26(): Clients {
  const admin = new kratos26.Configuration({ basePath: app.adminUrl, baseOptions: bearer() });
  return {
    frontend: new kratos26.FrontendApi(new kratos26.Configuration({ basePath: app.publicUrl })),
    identities: new kratos26.IdentityApi(admin),
    courier: new kratos26.CourierApi(admin),
  };
}

function clients25(): Clients {
  const admin = new kratos25.Configuration({ basePath: app.adminUrl, baseOptions: bearer() });
  return {
    frontend: new kratos25.FrontendApi(new kratos25.Configuration({ basePath: app.publicUrl })),
    identities: new kratos25.IdentityApi(admin),
    courier: new kratos25.CourierApi(admin),
  };
}

describe.each([
  ['@ory/kratos-client 26.2.0', clients26],
  ['@ory/kratos-client 25.4.0', clients25],
])('%s', (_name, connect) => {
  let { frontend, identities, courier }: Clients = {} as Clients;
  beforeAll(() => void ({ frontend, identities, courier } = connect()));

  async function newPerson(): Promise<{ id: string; email: string }> {
    const email = newAddress();
    const { data } = await identities.createIdentity({
      createIdentityBody: { schema_id: 'person', traits: { email } },
    });
    return { id: data.id, email };
  }

  /** Recovers with an administrator's code. */
  async function recover(identity_id: string): Promise<{ token: string; settings: string }> {
    const { data: issued } = await identities.createRecoveryCodeForIdentity({
      createRecoveryCodeForIdentityBody: { identity_id, flow_type: 'api' },
    });
    const { data: flow } = await frontend.updateRecoveryFlow({
      flow: flowIn(issued.recovery_link),
      updateRecoveryFlowBody: { method: 'code', code: issued.recovery_code },
    });
    return handedOver(flow);
  }

  async function choosePassword(xSessionToken: string, password = CHOSEN) {
    const { data: opened } = await frontend.createNativeSettingsFlow({ xSessionToken });
    return frontend.updateSettingsFlow({
      flow: opened.id,
      xSessionToken,
      updateSettingsFlowBody: { method: 'password', password },
    });
  }

  async function logIn(identifier: string, password = CHOSEN) {
    const { data: opened } = await frontend.createNativeLoginFlow();
    return frontend.updateLoginFlow({
      flow: opened.id,
      updateLoginFlowBody: { method: 'password', identifier, password },
    });
  }

  const whoami = async (xSessionToken: string) => (await frontend.toSession({ xSessionToken })).data;

  test('creates, reads, finds, changes and deletes an identity', async () => {
    const email = newAddress();
    const { status, data: created } = await identities.createIdentity({
      createIdentityBody: { schema_id: 'person', traits: { email }, metadata_admin: { ticket: 7 } },
    });
    expect(status).toBe(201);
    expect(created).toMatchObject({ schema_id: 'person', state: 'active', traits: { email } });
    const { id } = created;
    expect((await identities.getIdentity({ id })).data).toMatchObject({ id, metadata_admin: { ticket: 7 } });
    const found = await identities.listIdentities({ credentialsIdentifier: email });
    expect(found.data.map((each) => each.id)).toEqual([id]);
    const patched = await identities.patchIdentity({
      id,
      jsonPatch: [{ op: 'replace', path: '/traits/name', value: { first: 'Ada' } }],
    });
    expect(patched.data.traits).toEqual({ email, name: { first: 'Ada' } });
    const updated = await identities.updateIdentity({
      id,
      updateIdentityBody: { schema_id: 'person', state: 'inactive', traits: { email } },
    });
    expect(updated.data).toMatchObject({ id, state: 'inactive', traits: { email } });
    expect((await identities.deleteIdentity({ id })).status).toBe(204);
    expect(await axiosRefusal(identities.getIdentity({ id }))).toMatchObject({ status: 404 });
  });

  test('lists the schemas and reads one', async () => {
    const { data: schemas } = await identities.listIdentitySchemas();
    expect(schemas.map(({ id }) => id)).toEqual(['person']);
    const { data: schema } = await identities.getIdentitySchema({ id: 'person' });
    expect(schema).toMatchObject({ title: 'Person' });
  });

  test('gets a recovery link with the requested expiry', async () => {
    const { id } = await newPerson();
    const { data } = await identities.createRecoveryLinkForIdentity({
      createRecoveryLinkForIdentityBody: { identity_id: id, expires_in: '12h' },
    });
    const link = new URL(data.recovery_link);
    expect(`${link.origin}${link.pathname}`).toBe(`${app.publicUrl}/self-service/recovery`);
    expect([...link.searchParams.keys()]).toEqual(['flow', 'token']);
    expect((Date.parse(data.expires_at ?? '') - Date.now()) / 3600e3).toBeCloseTo(12, 1);
    const { data: flow } = await frontend.getRecoveryFlow({ id: flowIn(data.recovery_link) });
    expect(flow).toMatchObject({ id: flowIn(data.recovery_link), type: 'browser', state: 'choose_method' });
  });

  test('exchanges an administrator’s code for a session, a password, and a login', async () => {
    const { id, email } = await newPerson();
    const { token, settings } = await recover(id);
    expect(await whoami(token)).toMatchObject({
      active: true,
      authenticator_assurance_level: 'aal1',
      authentication_methods: [{ method: 'code_recovery' }],
      identity: { id, traits: { email } },
    });
    const { data: handed } = await frontend.getSettingsFlow({ id: settings, xSessionToken: token });
    expect(handed).toMatchObject({ id: settings, type: 'api', state: 'show_form', identity: { id } });
    const { data: changed } = await choosePassword(token);
    expect(changed).toMatchObject({ state: 'success', identity: { id } });
    const { data: login } = await logIn(email);
    expect(login.session).toMatchObject({ active: true, identity: { id } });
    expect(await whoami(login.session_token ?? '')).toMatchObject({
      id: login.session.id,
      authentication_methods: [{ method: 'password' }],
    });
  });

  test('recovers with a mailed code', async () => {
    const { id, email } = await newPerson();
    const { data: opened } = await frontend.createNativeRecoveryFlow();
    expect(opened).toMatchObject({ type: 'api', state: 'choose_method' });
    const { data: sent } = await frontend.updateRecoveryFlow({
      flow: opened.id,
      updateRecoveryFlowBody: { method: 'code', email },
    });
    expect(sent).toMatchObject({ id: opened.id, state: 'sent_email' });
    const { data: mails } = await courier.listCourierMessages({ recipient: email });
    expect(mails).toMatchObject([{ recipient: email, type: 'email', template_type: 'recovery_code_valid' }]);
    const { data: passed } = await frontend.updateRecoveryFlow({
      flow: opened.id,
      updateRecoveryFlowBody: { method: 'code', code: codeIn(mails[0]) },
    });
    expect((await whoami(handedOver(passed).token)).identity?.id).toBe(id);
  });

  test('lists a person’s own sessions, ends one, ends the others, and logs out', async () => {
    const { id, email } = await newPerson();
    const { token } = await recover(id);
    await choosePassword(token);
    const [second, third] = [(await logIn(email)).data, (await logIn(email)).data];
    const others = async () => (await frontend.listMySessions({ xSessionToken: token })).data.map((each) => each.id);
    expect(await others()).toEqual([third.session.id, second.session.id]);
    const ended = await frontend.disableMySession({ id: second.session.id, xSessionToken: token });
    expect(ended.status).toBe(204);
    expect(await others()).toEqual([third.session.id]);
    // like Kratos, counts those that have already ended too
    expect((await frontend.disableMyOtherSessions({ xSessionToken: token })).data).toEqual({ count: 2 });
    expect(await others()).toEqual([]);
    const out = await frontend.performNativeLogout({ performNativeLogoutBody: { session_token: token } });
    expect(out.status).toBe(204);
    expect((await axiosRefusal(frontend.toSession({ xSessionToken: token }))).status).toBe(401);
  });

  test('lets an administrator list, read, extend and end sessions', async () => {
    const { id } = await newPerson();
    const { token } = await recover(id);
    const { id: sessionId } = await whoami(token);
    const { data: all } = await identities.listSessions({ active: true, expand: ['identity'] });
    expect(all.find((each) => each.id === sessionId)?.identity?.id).toBe(id);
    const { data: read } = await identities.getSession({ id: sessionId, expand: ['identity', 'devices'] });
    expect(read).toMatchObject({ id: sessionId, active: true, identity: { id }, devices: [{}] });
    const extended = await identities.extendSession({ id: sessionId });
    expect([extended.status, extended.data.id]).toEqual([200, sessionId]);
    const after = (await identities.getSession({ id: sessionId })).data.expires_at ?? '';
    expect(Date.parse(after)).toBeGreaterThanOrEqual(Date.parse(read.expires_at ?? ''));
    expect((await identities.listIdentitySessions({ id })).data.map((each) => each.id)).toEqual([sessionId]);
    expect((await identities.disableSession({ id: sessionId })).status).toBe(204);
    expect((await identities.getSession({ id: sessionId })).data.active).toBe(false);
    const another = await recover(id);
    expect((await identities.deleteIdentitySessions({ id })).status).toBe(204);
    expect((await axiosRefusal(frontend.toSession({ xSessionToken: another.token }))).status).toBe(401);
  });

  test('surfaces a missing identity, a bad body and a missing login as Kratos does', async () => {
    expect(await axiosRefusal(identities.getIdentity({ id: NOBODY }))).toMatchObject({
      status: 404,
      data: { error: { code: 404, status: 'Not Found', message: expect.any(String) } },
    });
    const wrong = identities.createIdentity({ createIdentityBody: { schema_id: 'person', traits: {} } });
    expect(await axiosRefusal(wrong)).toMatchObject({
      status: 400,
      data: { error: { code: 400, status: 'Bad Request', message: expect.any(String), reason: expect.any(String) } },
    });
    expect(await axiosRefusal(frontend.toSession())).toMatchObject({
      status: 401,
      data: { error: { code: 401, status: 'Unauthorized', reason: expect.any(String) } },
    });
  });

  test('gets the flow back with its errors for a wrong code and a wrong password', async () => {
    const { email } = await newPerson();
    const { data: opened } = await frontend.createNativeLoginFlow();
    const refused = await axiosRefusal(
      frontend.updateLoginFlow({
        flow: opened.id,
        updateLoginFlowBody: { method: 'password', identifier: email, password: 'not the password' },
      }),
    );
    expect(refused).toMatchObject({
      status: 400,
      data: { id: opened.id, ui: { messages: [{ id: 4000006, type: 'error' }] } },
    });
    const { data: recovery } = await frontend.createNativeRecoveryFlow();
    const sent = { flow: recovery.id, updateRecoveryFlowBody: { method: 'code' as const, email } };
    await frontend.updateRecoveryFlow(sent);
    const { data: mails } = await courier.listCourierMessages({ recipient: email });
    const code = codeIn(mails[0]) === '000000' ? '000001' : '000000';
    const { data: told } = await frontend.updateRecoveryFlow({
      flow: recovery.id,
      updateRecoveryFlowBody: { method: 'code', code },
    });
    expect(told).toMatchObject({ id: recovery.id, state: 'sent_email', ui: { messages: [{ id: 4060006 }] } });
  });
});

describe.each([
  ['26.2.0', kratos26],
  ['25.4.0', kratos25],
])('an administrator’s token with %s', (_name, kratos) => {
  const list = (given: object) =>
    new kratos.IdentityApi(new kratos.Configuration({ basePath: app.adminUrl, ...given })).listIdentities();

  test('goes into apiKey with the prefix Bearer, because the client sends it unchanged', async () => {
    expect((await list({ apiKey: `Bearer ${app.pat}` })).status).toBe(200);
  });

  test('is not sent from accessToken, and nothing is answered without one', async () => {
    expect(await axiosRefusal(list({ accessToken: app.pat }))).toMatchObject({
      status: 401,
      data: { error: { code: 401, status: 'Unauthorized' } },
    });
  });
});
