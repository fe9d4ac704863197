/** The main job through Ory's fetch-based client alone; checks every answer against the client's types. */
import {
  Configuration,
  CourierApi,
  FrontendApi,
  IdentityApi,
  isNeedsPrivilegedSessionError,
  isSelfServiceFlowExpiredError,
  UiNodeGroupEnum,
} from '@ory/client-fetch';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.js';
import {
  AnswerWatch,
  CHOSEN,
  codeIn,
  faultsOf,
  fetchRefusal,
  flowIn,
  handedOver,
  newAddress,
  NOBODY,
  startSdkApp,
} from '../support/sdk.js';

let app: TestApp;
let watch: AnswerWatch;
let frontend: FrontendApi;
let identities: IdentityApi;
let courier: CourierApi;
beforeAll(async () => void (app = await startSdkApp()));
afterAll(() => app.stop());

beforeEach(() => {
  watch = new AnswerWatch();
  const admin = new Configuration({ basePath: app.adminUrl, accessToken: app.pat, middleware: [watch] });
  frontend = new FrontendApi(new Configuration({ basePath: app.publicUrl, middleware: [watch] }));
  identities = new IdentityApi(admin);
  courier = new CourierApi(admin);
});

afterEach(() => {
  expect(watch.faults).toEqual([]);
  expect(watch.seen.length).toBeGreaterThan(0);
});

async function newPerson(): Promise<{ id: string; email: string }> {
  const email = newAddress();
  const created = await identities.createIdentity({ createIdentityBody: { schema_id: 'person', traits: { email } } });
  return { id: created.id, email };
}

/** Recovers with an administrator's code. */
async function recover(identity_id: string): Promise<{ token: string; settings: string }> {
  const issued = await identities.createRecoveryCodeForIdentity({
    createRecoveryCodeForIdentityBody: { identity_id, flow_type: 'api' },
  });
  const flow = await frontend.updateRecoveryFlow({
    flow: flowIn(issued.recovery_link),
    updateRecoveryFlowBody: { method: 'code', code: issued.recovery_code },
  });
  return handedOver(flow);
}

async function choosePassword(xSessionToken: string, password = CHOSEN) {
  const opened = await frontend.createNativeSettingsFlow({ xSessionToken });
  return frontend.updateSettingsFlow({
    flow: opened.id,
    xSessionToken,
    updateSettingsFlowBody: { method: 'password', password },
  });
}

async function logIn(identifier: string, password = CHOSEN) {
  const opened = await frontend.createNativeLoginFlow();
  return frontend.updateLoginFlow({
    flow: opened.id,
    updateLoginFlowBody: { method: 'password', identifier, password },
  });
}

const whoami = (xSessionToken: string) => frontend.toSession({ xSessionToken });

test('creates, reads, finds, changes and deletes an identity', async () => {
  const email = newAddress();
  const created = await identities.createIdentity({
    createIdentityBody: { schema_id: 'person', traits: { email }, metadata_admin: { ticket: 7 } },
  });
  expect(created).toMatchObject({ schema_id: 'person', state: 'active', traits: { email } });
  const { id } = created;
  expect(await identities.getIdentity({ id })).toMatchObject({ id, metadata_admin: { ticket: 7 } });
  const found = await identities.listIdentities({ credentialsIdentifier: email });
  expect(found.map((each) => each.id)).toEqual([id]);
  const patched = await identities.patchIdentity({
    id,
    jsonPatch: [{ op: 'replace', path: '/traits/name', value: { first: 'Ada' } }],
  });
  expect(patched.traits).toEqual({ email, name: { first: 'Ada' } });
  const updated = await identities.updateIdentity({
    id,
    updateIdentityBody: { schema_id: 'person', state: 'inactive', traits: { email } },
  });
  expect(updated).toMatchObject({ id, state: 'inactive', traits: { email } });
  expect(await identities.deleteIdentity({ id })).toBe(undefined);
  expect(await fetchRefusal(identities.getIdentity({ id }))).toMatchObject({ status: 404 });
});

test('lists the schemas and reads one', async () => {
  const schemas = await identities.listIdentitySchemas();
  expect(schemas.map(({ id }) => id)).toEqual(['person']);
  const schema = await identities.getIdentitySchema({ id: 'person' });
  expect(schema).toMatchObject({ title: 'Person' });
});

test('gets a recovery link with the requested expiry', async () => {
  const { id } = await newPerson();
  const issued = await identities.createRecoveryLinkForIdentity({
    createRecoveryLinkForIdentityBody: { identity_id: id, expires_in: '12h' },
  });
  const link = new URL(issued.recovery_link);
  expect(`${link.origin}${link.pathname}`).toBe(`${app.publicUrl}/self-service/recovery`);
  expect([...link.searchParams.keys()]).toEqual(['flow', 'token']);
  expect((issued.expires_at!.getTime() - Date.now()) / 3600e3).toBeCloseTo(12, 1);
  const flow = await frontend.getRecoveryFlow({ id: flowIn(issued.recovery_link) });
  expect(flow).toMatchObject({ id: flowIn(issued.recovery_link), type: 'browser', state: 'choose_method' });
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
  const handed = await frontend.getSettingsFlow({ id: settings, xSessionToken: token });
  expect(handed).toMatchObject({ id: settings, type: 'api', state: 'show_form', identity: { id } });
  const changed = await choosePassword(token);
  expect(changed).toMatchObject({ state: 'success', identity: { id } });
  const login = await logIn(email);
  expect(login.session).toMatchObject({ active: true, identity: { id } });
  expect(await whoami(login.session_token ?? '')).toMatchObject({
    id: login.session.id,
    authentication_methods: [{ method: 'password' }],
  });
});

test('recovers with a mailed code', async () => {
  const { id, email } = await newPerson();
  const opened = await frontend.createNativeRecoveryFlow();
  expect(opened).toMatchObject({ type: 'api', state: 'choose_method' });
  const sent = await frontend.updateRecoveryFlow({
    flow: opened.id,
    updateRecoveryFlowBody: { method: 'code', email },
  });
  expect(sent).toMatchObject({ id: opened.id, state: 'sent_email' });
  const mails = await courier.listCourierMessages({ recipient: email });
  expect(mails).toMatchObject([{ recipient: email, type: 'email', template_type: 'recovery_code_valid' }]);
  const passed = await frontend.updateRecoveryFlow({
    flow: opened.id,
    updateRecoveryFlowBody: { method: 'code', code: codeIn(mails[0]) },
  });
  expect((await whoami(handedOver(passed).token)).identity?.id).toBe(id);
});

test('lists a person’s own sessions, ends one, ends the others, and logs out', async () => {
  const { id, email } = await newPerson();
  const { token } = await recover(id);
  await choosePassword(token);
  const [second, third] = [await logIn(email), await logIn(email)];
  const others = async () => (await frontend.listMySessions({ xSessionToken: token })).map((each) => each.id);
  expect(await others()).toEqual([third.session.id, second.session.id]);
  await frontend.disableMySession({ id: second.session.id, xSessionToken: token });
  expect(await others()).toEqual([third.session.id]);
  // like Kratos, counts those that have already ended too
  expect(await frontend.disableMyOtherSessions({ xSessionToken: token })).toEqual({ count: 2 });
  expect(await others()).toEqual([]);
  await frontend.performNativeLogout({ performNativeLogoutBody: { session_token: token } });
  expect((await fetchRefusal(frontend.toSession({ xSessionToken: token }))).status).toBe(401);
});

test('lets an administrator list, read, extend and end sessions', async () => {
  const { id } = await newPerson();
  const { token } = await recover(id);
  const { id: sessionId } = await whoami(token);
  const all = await identities.listSessions({ active: true, expand: ['identity'] });
  expect(all.find((each) => each.id === sessionId)?.identity?.id).toBe(id);
  const read = await identities.getSession({ id: sessionId, expand: ['identity', 'devices'] });
  expect(read).toMatchObject({ id: sessionId, active: true, identity: { id }, devices: [{}] });
  const extended = await identities.extendSession({ id: sessionId });
  expect(extended?.id).toBe(sessionId);
  const after = await identities.getSession({ id: sessionId });
  expect(after.expires_at!.getTime()).toBeGreaterThanOrEqual(read.expires_at!.getTime());
  expect((await identities.listIdentitySessions({ id })).map((each) => each.id)).toEqual([sessionId]);
  await identities.disableSession({ id: sessionId });
  expect((await identities.getSession({ id: sessionId })).active).toBe(false);
  const another = await recover(id);
  await identities.deleteIdentitySessions({ id });
  expect((await fetchRefusal(frontend.toSession({ xSessionToken: another.token }))).status).toBe(401);
});

test('surfaces a missing identity, a bad body and a missing login as Kratos does', async () => {
  expect(await fetchRefusal(identities.getIdentity({ id: NOBODY }))).toMatchObject({
    status: 404,
    data: { error: { code: 404, status: 'Not Found', message: expect.any(String) } },
  });
  const wrong = identities.createIdentity({ createIdentityBody: { schema_id: 'person', traits: {} } });
  expect(await fetchRefusal(wrong)).toMatchObject({
    status: 400,
    data: { error: { code: 400, status: 'Bad Request', message: expect.any(String), reason: expect.any(String) } },
  });
  expect(await fetchRefusal(frontend.toSession())).toMatchObject({
    status: 401,
    data: { error: { code: 401, status: 'Unauthorized', reason: expect.any(String) } },
  });
});

test('gets the flow back with its errors for a wrong code and a wrong password', async () => {
  const { email } = await newPerson();
  const opened = await frontend.createNativeLoginFlow();
  const refused = await fetchRefusal(
    frontend.updateLoginFlow({
      flow: opened.id,
      updateLoginFlowBody: { method: 'password', identifier: email, password: 'not the password' },
    }),
  );
  expect(refused).toMatchObject({
    status: 400,
    data: { id: opened.id, ui: { messages: [{ id: 4000006, type: 'error' }] } },
  });
  const recovery = await frontend.createNativeRecoveryFlow();
  const sent = { flow: recovery.id, updateRecoveryFlowBody: { method: 'code' as const, email } };
  await frontend.updateRecoveryFlow(sent);
  const mails = await courier.listCourierMessages({ recipient: email });
  const code = codeIn(mails[0]) === '000000' ? '000001' : '000000';
  const told = await frontend.updateRecoveryFlow({
    flow: recovery.id,
    updateRecoveryFlowBody: { method: 'code', code },
  });
  expect(told).toMatchObject({ id: recovery.id, state: 'sent_email', ui: { messages: [{ id: 4060006 }] } });
});

test('reports an old session and an expired flow in terms that the client’s own helpers recognise', async () => {
  const { id } = await newPerson();
  const { token } = await recover(id);
  const opened = await frontend.createNativeSettingsFlow({ xSessionToken: token });
  const submit = () =>
    frontend.updateSettingsFlow({
      flow: opened.id,
      xSessionToken: token,
      updateSettingsFlowBody: { method: 'password', password: CHOSEN },
    });
  await app.sql(`UPDATE session SET authenticated_at = authenticated_at - interval '2 hours' WHERE identity_id = $1`, [
    id,
  ]);
  const old = await fetchRefusal(submit());
  expect([old.status, isNeedsPrivilegedSessionError(old.data)]).toEqual([403, true]);
  await app.sql(`UPDATE settings_flow SET expires_at = clock_timestamp() - interval '90 seconds' WHERE id = $1`, [
    opened.id,
  ]);
  const expired = await fetchRefusal(submit());
  expect([expired.status, isSelfServiceFlowExpiredError(expired.data)]).toEqual([410, true]);
});

test('sends accessToken as a bearer token, and learns what is missing without one', async () => {
  const nobody = new IdentityApi(new Configuration({ basePath: app.adminUrl, middleware: [watch] }));
  expect(await fetchRefusal(nobody.listIdentities())).toMatchObject({
    status: 401,
    data: { error: { code: 401, status: 'Unauthorized' } },
  });
  await identities.listIdentities();
});

const AT = 'GET /self-service/recovery/api';

describe('the watch reports', () => {
  const recoveryFlow = async (): Promise<{ id: string; ui: { nodes: object[] } }> => {
    const { raw } = await frontend.createNativeRecoveryFlowRaw();
    return (await raw.json()) as { id: string; ui: { nodes: object[] } };
  };

  test('a required field that is missing', async () => {
    const data = await recoveryFlow();
    const { nodes: _nodes, ...ui } = data.ui;
    const { id: _id, ...flow } = data;
    expect(faultsOf(AT, 200, { ...data, ui })).toEqual([`${AT}.ui is no UiContainer`]);
    expect(faultsOf(AT, 200, flow)).toEqual([`${AT} is no RecoveryFlow`]);
  });

  test('a value that the client does not know', async () => {
    const data = await recoveryFlow();
    const [first, ...others] = data.ui.nodes;
    const ui = { ...data.ui, nodes: [{ ...first, group: 'pigeon' }, ...others] };
    expect(Object.values(UiNodeGroupEnum)).not.toContain('pigeon');
    expect(faultsOf(AT, 200, { ...data, ui })).toEqual([`${AT}.ui.nodes.0.group is "pigeon"`]);
    expect(faultsOf(AT, 200, { ...data, state: 'lost' })).toEqual([`${AT}.state is "lost"`]);
  });

  test('an answer that no method of the client expects', async () => {
    await recoveryFlow();
    expect(faultsOf('GET /elsewhere', 200, {})).toEqual(['GET /elsewhere is answered by 200 with something unknown']);
  });
});
