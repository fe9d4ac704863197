import type { TestApp } from './app.js';
import { csrfOf } from './settings-people.js';

export const RECOVERY = '/self-service/recovery';

type Agent = ReturnType<TestApp['publicAgent']>;

/** A browser flow, the agent that started it, and ways to submit its form. */
export async function browserFlow(app: TestApp, agent = app.publicAgent(), query = '') {
  const { body } = await agent.get(`${RECOVERY}/browser${query}`).set('accept', 'application/json').expect(200);
  const id = (body as { id: string }).id;
  const csrf_token = csrfOf(body as never);
  return {
    id,
    agent,
    json: (fields: object) =>
      agent
        .post(`${RECOVERY}?flow=${id}`)
        .set('accept', 'application/json')
        .send({ csrf_token, ...fields }),
    form: (fields: object) =>
      agent
        .post(`${RECOVERY}?flow=${id}`)
        .set('accept', 'text/html')
        .type('form')
        .send({ csrf_token, ...fields }),
  };
}

export const read = (agent: Agent, id: string) =>
  agent.get(`${RECOVERY}/flows?id=${id}`).set('accept', 'application/json');
export const expire = (app: TestApp, id: string) =>
  app.sql(`UPDATE recovery_flow SET expires_at = clock_timestamp() - interval '90 seconds' WHERE id = $1`, [id]);
export const idIn = (location: string, name: 'flow' | 'id'): string => new URL(location).searchParams.get(name) ?? '';
