import { randomBytes } from 'node:crypto';
import type { TestApp } from './app.js';

export interface Person {
  readonly id: string;
  readonly email: string;
}

/** An identity with an address and nothing else, made through the admin API; `more` is laid over what is sent. */
export async function newPerson(app: TestApp, more: object = {}): Promise<Person> {
  const email = `person.${randomBytes(6).toString('hex')}@example.com`;
  const { body } = await app
    .admin()
    .post('/admin/identities')
    .send({ schema_id: 'person', traits: { email }, ...more })
    .expect(201);
  return { id: (body as { id: string }).id, email };
}
