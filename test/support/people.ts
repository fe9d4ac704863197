import { randomBytes } from 'node:crypto';
import type { TestApp } from './app.js';

export interface Person {
  readonly id: string;
  readonly email: string;
}

/** Creates an identity with only an address through the admin API; `more` is merged into the request. */
export async function newPerson(app: TestApp, more: object = {}): Promise<Person> {
  const email = `person.${randomBytes(6).toString('hex')}@example.com`;
  const { body } = await app
    .admin()
    .post('/admin/identities')
    .send({ schema_id: 'person', traits: { email }, ...more })
    .expect(201);
  return { id: (body as { id: string }).id, email };
}
