import type { TestApp } from './app.js';
import { newPerson, type Person } from './people.js';

export const PASSWORD = 'correct horse battery staple';

/** Creates an identity with a password through the admin API. */
export const person = (app: TestApp, more: object = {}): Promise<Person> =>
  newPerson(app, { credentials: { password: { config: { password: PASSWORD } } }, ...more });

/** Signs in as a native client; resolves to the session token. */
export async function signIn(app: TestApp, { email }: Person): Promise<string> {
  const agent = app.publicAgent().set('accept', 'application/json');
  const { body } = await agent.get('/self-service/login/api');
  const answer = await agent
    .post(`/self-service/login?flow=${(body as { id: string }).id}`)
    .send({ method: 'password', identifier: email, password: PASSWORD });
  return (answer.body as { session_token: string }).session_token;
}

interface Node {
  attributes: { name: string; value?: string };
}

/** The value of a form field. */
export function field(flow: { ui: { nodes: Node[] } }, name: string): string | undefined {
  return flow.ui.nodes.find((node) => node.attributes.name === name)?.attributes.value;
}

/** Signs in as a browser; its agent keeps the cookies. */
export async function signInBrowser(app: TestApp, { email }: Person, agent = app.publicAgent()): Promise<typeof agent> {
  const { body } = await agent.get('/self-service/login/browser').set('accept', 'application/json');
  await agent
    .post(`/self-service/login?flow=${(body as { id: string }).id}`)
    .set('accept', 'text/html')
    .type('form')
    .send({
      method: 'password',
      identifier: email,
      password: PASSWORD,
      csrf_token: field(body as never, 'csrf_token'),
    });
  return agent;
}
