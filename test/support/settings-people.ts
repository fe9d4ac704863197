import { SessionService } from '../../src/session/index.js';
import type { TestApp } from './app.js';

export const NEW_PASSWORD = 'a brand new pass phrase 1';
export const PATH = '/self-service/settings';

export interface Node {
  group: string;
  attributes: { name: string; value?: unknown };
  messages: { id: number; context?: unknown }[];
}
export type Agent = ReturnType<TestApp['publicAgent']>;
export type Answer = Awaited<ReturnType<Agent['get']>>;

export const node = (body: { ui: { nodes: Node[] } }, name: string): Node =>
  body.ui.nodes.find(({ attributes }) => attributes.name === name)!;
export const csrfOf = (body: { ui: { nodes: Node[] } }): unknown => node(body, 'csrf_token').attributes.value;
export const messageIds = (body: { ui: { messages?: { id: number }[] } }): number[] =>
  (body.ui.messages ?? []).map(({ id }) => id);
export const cookieNames = (answer: Answer): string[] =>
  ([answer.headers['set-cookie'] ?? []].flat() as string[]).map((line) =>
    line.split('=')[0]!.replace(/^csrf_token_.*/, 'csrf_token'),
  );

let made = 0;

/** People with an open settings form, and the effects of what they do. */
export function settingsPeople(app: TestApp) {
  const passwordOf = async (identityId: string): Promise<string | undefined> => {
    const [row] = await app.sql<{ hash: string | null }>(
      `SELECT config->>'hashed_password' AS hash FROM identity_credential WHERE identity_id = $1 AND type = 'password'`,
      [identityId],
    );
    return row?.hash ?? undefined;
  };
  const eventsOf = async (identityId: string): Promise<unknown[]> =>
    app.sql('SELECT actor_type, action FROM audit_event WHERE target_id = $1 AND actor_type = $2 ORDER BY id', [
      identityId,
      'session',
    ]);

  async function signedIn(identityId: string): Promise<{ token: string; sessionId: string }> {
    const { token, view } = await app.get(SessionService).issue({ identityId, methods: ['password'], origin: 'login' });
    return { token, sessionId: view.id };
  }

  /** An identity without a password. */
  async function newPerson(at = app): Promise<{ id: string; email: string }> {
    const email = `settings${++made}@example.com`;
    const { body } = await at
      .admin()
      .post('/admin/identities')
      .send({ schema_id: 'person', traits: { email } })
      .expect(201);
    return { id: body.id, email };
  }

  /** A person in a browser with an open settings form. */
  async function browser(query = '') {
    const person = await newPerson(app);
    const session = await signedIn(person.id);
    const agent = app.publicAgent();
    agent.jar.setCookie(`ory_kratos_session=${session.token}`, '127.0.0.1', '/');
    const { body } = await agent.get(`${PATH}/browser${query}`).set('accept', 'application/json').expect(200);
    const url = `${PATH}?flow=${body.id}`;
    return {
      ...person,
      ...session,
      agent,
      flow: body,
      json: (form: object) =>
        agent
          .post(url)
          .set('accept', 'application/json')
          .send({ csrf_token: csrfOf(body), ...form }),
      form: (form: object) =>
        agent
          .post(url)
          .set('accept', 'text/html')
          .type('form')
          .send({ csrf_token: csrfOf(body), ...form }),
      again: () => agent.get(`${PATH}/flows?id=${body.id}`).set('accept', 'application/json'),
      age: () =>
        app.sql(`UPDATE session SET authenticated_at = authenticated_at - interval '2 hours' WHERE id = $1`, [
          session.sessionId,
        ]),
      expire: () =>
        app.sql(`UPDATE settings_flow SET expires_at = clock_timestamp() - interval '90 seconds' WHERE id = $1`, [
          body.id,
        ]),
    };
  }

  /** A person with a native client and an open settings form. */
  async function native() {
    const person = await newPerson(app);
    const { token, sessionId } = await signedIn(person.id);
    const agent = app.publicAgent().set('x-session-token', token) as Agent;
    const { body } = await agent.get(`${PATH}/api`).expect(200);
    return {
      ...person,
      token,
      sessionId,
      agent,
      flow: body,
      json: (form: object) => agent.post(`${PATH}?flow=${body.id}`).send(form),
    };
  }

  return { newPerson, browser, native, passwordOf, eventsOf };
}
export type SettingsPeople = ReturnType<typeof settingsPeople>;
