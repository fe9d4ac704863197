import type { TestApp } from './app.js';
import type { Person } from './people.js';
import { field, PASSWORD } from './sign-in.js';

type Agent = ReturnType<TestApp['publicAgent']>;
export type LoginFlow = Parameters<typeof field>[0] & { id: string; ui: { messages?: { id: number }[] } };

export const L = '/self-service/login';

/** The configuration of the login tests. */
export const config = {
  selfservice: {
    default_browser_return_url: 'https://app.example.com/welcome',
    allowed_return_urls: ['https://app.example.com/inside'],
    flows: {
      login: { ui_url: 'https://ui.example.com/login', lifespan: '10m' },
      error: { ui_url: 'https://ui.example.com/error' },
    },
  },
};

export const credentials = ({ email }: Person, password = PASSWORD) => ({
  method: 'password',
  identifier: email,
  password,
});
export const messages = (flow: LoginFlow): number[] => (flow.ui.messages ?? []).map(({ id }) => id);
export const cookies = (answer: { headers: Record<string, unknown> }): string[] =>
  [answer.headers['set-cookie'] ?? []].flat() as string[];

/** Starts a flow as a single-page app does; the agent keeps the CSRF cookie. */
export const begin = async (agent: Agent, query = ''): Promise<LoginFlow> =>
  (await agent.get(`${L}/browser${query}`).set('accept', 'application/json').expect(200)).body as LoginFlow;

/** Submits a browser's form. */
export const post = (agent: Agent, flow: LoginFlow, form: object) =>
  agent
    .post(`${L}?flow=${flow.id}`)
    .set('accept', 'text/html')
    .type('form')
    .send({ csrf_token: field(flow, 'csrf_token'), ...form });

export const native = (app: TestApp): Agent => app.publicAgent().set('accept', 'application/json') as Agent;

export const beginNative = async (app: TestApp, query = ''): Promise<LoginFlow> =>
  (await native(app).get(`${L}/api${query}`).expect(200)).body as LoginFlow;

export const send = (app: TestApp, { id }: { id: string }, form: object) =>
  native(app).post(`${L}?flow=${id}`).send(form);

/** Makes a flow look as if it expired 90 seconds ago. */
export const expire = (app: TestApp, { id }: { id: string }) =>
  app.sql(`UPDATE login_flow SET expires_at = clock_timestamp() - interval '90 seconds' WHERE id = $1`, [id]);
