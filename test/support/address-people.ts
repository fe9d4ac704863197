import { randomBytes } from 'node:crypto';
import { normalizeIdentifier } from '../../src/identity/index.js';
import type { TestApp } from './app.js';
import { mailTo, nativeFlow, submitTo } from './mail.js';
import type { Person } from './people.js';

/** Two addresses, a list of addresses, and a trait that another schema treats as an address. */
const trait = (extension: object, more: object = {}) => ({ type: 'string', ...more, 'ory.sh/kratos': extension });
const recovery = { recovery: { via: 'email' }, verification: { via: 'email' } };
const schema = (contact: object): string => {
  const properties = {
    email: trait(
      { ...recovery, credentials: { password: { identifier: true } } },
      { title: 'E-mail', format: 'email' },
    ),
    second: trait(recovery, { title: 'Second address', format: 'email' }),
    others: { type: 'array', items: trait({ recovery: { via: 'email' } }) },
    name: { type: 'string', title: 'Name' },
    contact,
  };
  const traits = { type: 'object', properties, additionalProperties: false };
  return `base64://${Buffer.from(JSON.stringify({ type: 'object', properties: { traits } })).toString('base64')}`;
};
export const identity = {
  default_schema_id: 'person',
  schemas: [
    { id: 'person', url: schema({ type: 'string' }) },
    { id: 'revealing', url: schema(trait({ recovery: { via: 'email' } }, { format: 'email' })) },
  ],
};

export const fresh = (): string => `fresh.${randomBytes(6).toString('hex')}@example.com`;
/** The answer sent to an address after a recovery request: its template, and whether it grants access. */
interface Answer {
  template: string;
  opens: boolean;
  status: number;
}
export const OPENS: Answer = { template: 'recovery_code_valid', opens: true, status: 200 };
export const WAITS: Answer = { template: 'recovery_not_yet', opens: false, status: 200 };

/** People whose addresses change. `weak`: a token without credentials:write. */
export function addressPeople(app: TestApp, weak: string) {
  const patch = (person: Person, operations: object[], token = weak) =>
    app.admin(token).patch(`/admin/identities/${person.id}`).send(operations);
  const put = (person: Person, traits: object, token = weak, schema_id = 'person') =>
    app.admin(token).put(`/admin/identities/${person.id}`).send({ schema_id, state: 'active', traits });
  const move = (person: Person, email: string, token = weak) =>
    patch(person, [{ op: 'replace', path: '/traits/email', value: email }], token);

  /** Requests recovery as anyone could. Resolves to the answer sent to the address, if any. */
  async function ask(address: string, recipient = address): Promise<Answer> {
    const before = (await mailTo(app, recipient)).length;
    const flow = await nativeFlow(app);
    const { status } = await submitTo(app, flow, { method: 'code', email: address });
    const [row] = await app.sql<{ template_type: string }>(
      `SELECT template_type FROM courier_message WHERE recipient = $1 ORDER BY created_at DESC LIMIT 1`,
      [recipient],
    );
    const [grant] = await app.sql<{ opens: boolean }>(
      `SELECT identity_id IS NOT NULL AS opens FROM recovery_grant WHERE flow_id = $1`,
      [flow],
    );
    const arrived = (await mailTo(app, recipient)).length > before;
    return { template: arrived ? row!.template_type : 'none', opens: grant!.opens, status };
  }
  /** Shifts the identity's address history into the past by `time`. */
  const later = ({ id }: Person, time: string) =>
    app.sql(
      `WITH changed_ AS (UPDATE address_change SET changed_at = changed_at - $2::interval WHERE identity_id = $1)
       UPDATE address_history SET added_at = added_at - $2::interval, removed_at = removed_at - $2::interval,
         young_since = young_since - $2::interval, kept_since = kept_since - $2::interval WHERE identity_id = $1`,
      [id, time],
    );

  async function newPersonWith(email: string | undefined): Promise<Person> {
    const { body } = await app
      .admin()
      .post('/admin/identities')
      .send({ schema_id: 'person', traits: email === undefined ? {} : { email } })
      .expect(201);
    return { id: (body as { id: string }).id, email: email ?? '' };
  }

  /** Stores an address that no schema accepts today, as if it came from elsewhere. */
  const store = ({ id }: Person, value: string) =>
    app.sql(
      `WITH traits_ AS (UPDATE identity SET traits = jsonb_set(traits, '{email}', to_jsonb($2::text)) WHERE id = $1),
       verifiable_ AS (UPDATE verifiable_address SET value = $2, normalized = $3 WHERE identity_id = $1)
       UPDATE recovery_address SET value = $2, normalized = $3 WHERE identity_id = $1`,
      [id, value, normalizeIdentifier(value)],
    );

  const undoMails = async ({ email }: Person) =>
    (await mailTo(app, email)).filter(({ body }) => body.includes('/ui/undo?token='));
  const undoLink = async (person: Person): Promise<URL> =>
    new URL(/https?:\S+\/ui\/undo\?token=\S+/.exec((await undoMails(person))[0]!.body)![0]);
  const undo = (link: URL) =>
    app
      .publicAgent()
      .post('/ui/undo')
      .set('accept', 'text/html')
      .type('form')
      .send({ token: link.searchParams.get('token') });

  return { patch, put, move, ask, later, newPersonWith, store, undoMails, undoLink, undo };
}
export type AddressPeople = ReturnType<typeof addressPeople>;
