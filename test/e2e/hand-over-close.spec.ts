/** What a new credential ends when it closes a hand-over: who is told, and what the audit event lists. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SessionService } from '../../src/session/index.js';
import { type AddressPeople, addressPeople, fresh, identity } from '../support/address-people.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { newLink } from '../support/links.js';
import { mailTo } from '../support/mail.js';
import { PASSWORD } from '../support/sign-in.js';
import { acmeAt, newSubject, socialConfig, socialPeople } from '../support/social-people.js';
import { ActedProvider } from '../support/social-provider.js';

let provider: ActedProvider;
let app: TestApp;
let people: ReturnType<typeof socialPeople>;
let addresses: AddressPeople;
beforeAll(async () => {
  provider = await ActedProvider.start();
  const social = socialConfig(acmeAt(provider), acmeAt(provider, { id: 'other' }));
  const courier = { smtp: { connection_uri: 'smtp://127.0.0.1:9/' } };
  app = await startTestApp({ config: { ...social, courier, identity } });
  people = socialPeople(app, provider);
  addresses = addressPeople(app, app.pat);
}, 60_000);
afterAll(async () => {
  await app?.stop();
  await provider?.stop();
});

const NEW = 'a new pass phrase of the owner';
const ENDED = 'All other sessions have ended';
interface Somebody {
  id: string;
  email: string;
}

/** A person with a password, two addresses since creation, and one that was removed recently. */
async function somebody(): Promise<Somebody & { all: string[] }> {
  const [email, second, removed] = [fresh(), fresh(), fresh()];
  const { body } = await app
    .admin()
    .post('/admin/identities')
    .send({
      schema_id: 'person',
      traits: { email, second, others: [removed] },
      credentials: { password: { config: { password: PASSWORD } } },
    })
    .expect(201);
  const person = { id: (body as { id: string }).id, email };
  await addresses.put(person, { email, second }).expect(200);
  return { ...person, all: [email, second, removed] };
}
const recovered = async (person: Somebody) => people.recovered(person);
const byPassword = async (person: Somebody) => {
  const { browser, flow } = await recovered(person);
  await people.submit(browser, flow, { method: 'password', password: NEW });
};
const byAccount = async (person: Somebody) => {
  const { browser, flow } = await recovered(person);
  await browser.get(await people.away(await people.submit(browser, flow, { link: 'acme' }), newSubject()));
};
const put = async ({ id }: Somebody, traits: object, more: object = {}) =>
  app
    .admin()
    .put(`/admin/identities/${id}`)
    .send({
      schema_id: 'person',
      state: 'active',
      traits,
      credentials: { password: { config: { password: NEW } } },
      ...more,
    })
    .expect(200);
const traitsOf = async ({ id }: Somebody): Promise<object> =>
  (await app.admin().get(`/admin/identities/${id}`).expect(200)).body.traits;
const byAdministrator = async (person: Somebody) => {
  await recovered(person);
  await put(person, await traitsOf(person));
};
const byAdministratorAlone = async (person: Somebody) => put(person, await traitsOf(person));

const ended = async ({ id }: Somebody): Promise<object | undefined> => {
  const events = await people.eventsOf(id);
  return events.findLast(({ action }) => action === 'recovery.hand_over.closed')?.detail ?? undefined;
};
const suspendedOf = async ({ id }: Somebody): Promise<string[]> =>
  ((await app.admin().get(`/admin/identities/${id}/suspended`).expect(200)).body as { name: string }[]).map(
    ({ name }) => name,
  );

describe.each([
  ['a password', byPassword, 'Your password was changed'],
  ['a provider account', byAccount, 'Sign-in with acme was connected'],
  ['an administrator’s password', byAdministrator, 'Your password was changed'],
  ['an administrator’s password, without a hand-over', byAdministratorAlone, 'Your password was changed'],
] as const)('a close by %s', (_, close, subject) => {
  test('is told to every address of the identity, with what it ends', async () => {
    const person = await somebody();
    await close(person);
    for (const address of person.all) {
      const mails = (await mailTo(app, address)).filter((mail) => mail.subject === subject);
      expect(mails.map(({ body }) => body.includes(ENDED))).toEqual([true]);
    }
  });

  test('is told only once to an address that may be a stranger’s', async () => {
    const [person, stranger] = [await somebody(), fresh()];
    await addresses.put(person, { email: person.email, second: person.all[1], others: [stranger] }).expect(200);
    await close(person);
    await put(person, await traitsOf(person), {
      credentials: { password: { config: { password: 'one more pass phrase' } } },
    });
    const subjects = await app.sql('SELECT 1 FROM courier_message WHERE recipient = $1', [stranger]);
    expect(subjects).toHaveLength(1);
  });
});

test('a password that closes nothing does not say so', async () => {
  const person = await somebody();
  const { token } = await app
    .get(SessionService)
    .issue({ identityId: person.id, methods: ['password'], origin: 'login' });
  const as = () => app.publicAgent().set('x-session-token', token);
  const { body } = await as().get('/self-service/settings/api').expect(200);
  await as().post(`/self-service/settings?flow=${body.id}`).send({ method: 'password', password: NEW }).expect(200);
  const [mail] = await mailTo(app, person.email);
  expect(mail!.subject).toBe('Your password was changed');
  expect(mail!.body).not.toContain(ENDED);
});

describe('the audit event of a close lists', () => {
  test('sessions, links and codes, accounts and addresses', async () => {
    const connected = await people.connected();
    const person = { id: connected.id, email: connected.email };
    await addresses.put(person, { email: person.email, others: [fresh(), fresh()] }).expect(200);
    await newLink(app, person.id);
    for (let times = 0; times < 3; times++)
      await app.get(SessionService).issue({ identityId: person.id, methods: ['password'], origin: 'login' });
    await put(person, await traitsOf(person));
    expect(await ended(person)).toEqual({ ended: { sessions: 4, grants: 1, accounts: 1, addresses: 2, passwords: 0 } });
  });

  test('the password that an account replaced, and what was reset', async () => {
    const connected = await people.connected(newSubject(), 'other');
    const person = { id: connected.id, email: connected.email };
    await put(person, await traitsOf(person));
    const link = await newLink(app, person.id, { reset: ['oidc'] });
    const { browser } = connected;
    const settings = await browser.submit(await browser.get((await browser.get(link)).location));
    const id = new URL(settings.location).searchParams.get('flow')!;
    const flow = await people.flowOf(browser, 'settings', id);
    await browser.get(await people.away(await people.submit(browser, flow, { link: 'acme' }), newSubject()));
    expect(await ended(person)).toMatchObject({ ended: { passwords: 1, removed: 1 } });
    expect((await people.connectionsOf(person.id)).map(({ value }) => value.split(':')[0])).toEqual(['acme']);
  });
});

test('what an administrator sends along with the password is used at once', async () => {
  const connected = await people.connected();
  const person = { id: connected.id, email: connected.email };
  const [own, sub] = [fresh(), newSubject()];
  await put(
    person,
    { email: person.email, second: own },
    {
      credentials: {
        password: { config: { password: NEW } },
        oidc: { config: { providers: [{ provider: 'other', subject: sub }] } },
      },
    },
  );
  expect(await suspendedOf(person)).toEqual(['acme']);
});
