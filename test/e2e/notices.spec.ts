import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { newLink } from '../support/links.js';
import { codeTo, mailed, mailTo, nativeFlow, submitTo } from '../support/mail.js';
import { newPerson, type Person } from '../support/people.js';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0';
const SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: {
        email: {
          type: 'string',
          format: 'email',
          'ory.sh/kratos': {
            credentials: { password: { identifier: true } },
            recovery: { via: 'email' },
            verification: { via: 'email' },
          },
        },
        locale: { type: 'string' },
      },
      required: ['email'],
      additionalProperties: false,
    },
  },
};

let app: TestApp;
beforeAll(async () => {
  const config = mailed('code', { regain: { courier: { show_unsent_secrets: true, locale_trait: 'traits.locale' } } });
  const url = `base64://${Buffer.from(JSON.stringify(SCHEMA)).toString('base64')}`;
  const identity = { default_schema_id: 'person', schemas: [{ id: 'person', url }] };
  app = await startTestApp({ config: { ...config, identity } });
});
afterAll(() => app.stop());

/** The notices to an address, newest first. */
const told = async (address: string): Promise<({ type: string } & Record<string, unknown>)[]> => {
  const rows = await app.sql<{ template_type: string; data: Record<string, unknown> }>(
    `SELECT template_type, data FROM courier_message WHERE recipient = $1 AND secret IS NULL ORDER BY created_at DESC`,
    [address],
  );
  return rows.map(({ template_type, data }) => ({ type: template_type, ...data }));
};

async function nativeSession(person: Person): Promise<string> {
  const flow = await nativeFlow(app);
  await submitTo(app, flow, { method: 'code', email: person.email }).expect(200);
  const code = await codeTo(app, person.email);
  const { body } = await submitTo(app, flow, { method: 'code', code }).set('user-agent', FIREFOX).expect(200);
  return (body as { continue_with: { ory_session_token?: string }[] }).continue_with.find(
    ({ ory_session_token }) => ory_session_token !== undefined,
  )!.ory_session_token!;
}

async function settings(token: string, fields: object) {
  const session = (agent: ReturnType<TestApp['publicAgent']>) => agent.set('x-session-token', token);
  const { body } = await session(app.publicAgent()).get('/self-service/settings/api').expect(200);
  return session(app.publicAgent()).post('/self-service/settings').query({ flow: body.id }).send(fields).expect(200);
}

describe('the person is told', () => {
  test('of a recovery by code, with the time and the device, once', async () => {
    const person = await newPerson(app);
    await nativeSession(person);
    const [notice, ...more] = await told(person.email);
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ type: 'recovered', method: 'code', userAgent: FIREFOX });
    expect(Date.parse(String(notice!['at']))).toBeGreaterThan(Date.now() - 60_000);
    const [mail] = (await mailTo(app, person.email)).filter(({ subject }) => subject === 'Your account was recovered');
    expect(mail!.template_type).toBe('stub');
    expect(mail!.body).toContain('Firefox');
  });

  test('of a recovery by link', async () => {
    const person = await newPerson(app);
    const link = await newLink(app, person.id);
    const agent = app.publicAgent();
    const page = await agent.get(link.pathname + link.search);
    const form = await agent.get(
      new URL(page.headers['location']!).pathname + new URL(page.headers['location']!).search,
    );
    const proof = /name="proof" value="([^"]+)"/.exec(form.text)![1]!;
    await agent
      .post('/self-service/recovery')
      .type('form')
      .send({ flow: link.searchParams.get('flow'), token: link.searchParams.get('token'), proof })
      .expect(303);
    expect(await told(person.email)).toMatchObject([{ type: 'recovered', method: 'link' }]);
  });

  test('of a new password', async () => {
    const person = await newPerson(app);
    await settings(await nativeSession(person), { method: 'password', password: 'correct horse battery staple' });
    expect((await told(person.email)).map(({ type }) => type)).toEqual(['password_changed', 'recovered']);
  });

  test('of a new address, at the old one and not at the new one', async () => {
    const person = await newPerson(app);
    const next = `new.${person.email}`;
    const session = await nativeSession(person);
    await settings(session, { method: 'password', password: 'correct horse battery staple' });
    await settings(session, { method: 'profile', traits: { email: next } });
    const types = (await told(person.email)).map(({ type }) => type);
    expect(types).toEqual(['address_changed', 'password_changed', 'recovered']);
    expect(await told(next)).toEqual([]);
  });

  test('of an administrator’s change, without the device, in the language of the trait', async () => {
    const person = await newPerson(app);
    const body = {
      schema_id: 'person',
      state: 'active',
      traits: { email: `other.${person.email}`, locale: 'de' },
      credentials: { password: { config: { password: 'another horse battery staple' } } },
    };
    const before = { ...body, traits: { email: person.email, locale: 'de' }, credentials: undefined };
    await app.admin().put(`/admin/identities/${person.id}`).send(before).expect(200);
    expect(await told(person.email)).toEqual([]);
    await app.admin().put(`/admin/identities/${person.id}`).send(body).expect(200);
    const notices = await told(person.email);
    expect(notices.map(({ type }) => type).sort()).toEqual(['address_changed', 'password_changed']);
    for (const notice of notices) {
      expect(notice).toMatchObject({ byAdministrator: true, localeWish: 'de' });
      expect(Object.keys(notice)).not.toContain('userAgent');
    }
    const subjects = (await mailTo(app, person.email)).map(({ subject }) => subject);
    expect(subjects).toContain('Ihr Passwort wurde geändert');
    expect(await told(`other.${person.email}`)).toEqual([]);
  });

  test('at the old address of an account that an administrator connects together with a new address', async () => {
    const person = await newPerson(app);
    const email = `moved.${person.email}`;
    const oidc = { config: { providers: [{ provider: 'google', subject: `moved-${person.id}` }] } };
    const body = { schema_id: 'person', state: 'active', traits: { email }, credentials: { oidc } };
    await app.admin().put(`/admin/identities/${person.id}`).send(body).expect(200);
    expect((await told(person.email)).map(({ type }) => type).sort()).toEqual(['address_changed', 'social_connected']);
    expect(await told(email)).toEqual([]);
  });

  test('of a removed password', async () => {
    const person = await newPerson(app, {
      credentials: {
        password: { config: { password: 'correct horse battery staple' } },
        oidc: { config: { providers: [{ provider: 'google', subject: `s-${Date.now()}` }] } },
      },
    });
    await app.admin().delete(`/admin/identities/${person.id}/credentials/password`).expect(204);
    expect((await told(person.email)).map(({ type }) => type)).toEqual(['password_removed']);
  });

  test.each(['totp', 'lookup_secret', 'webauthn'])('when %s is removed, and not if there was none', async (type) => {
    const person = await newPerson(app);
    const factor = `INSERT INTO identity_credential (id, identity_id, type) VALUES (gen_random_uuid(), $1, $2)`;
    await app.sql(factor, [person.id, type]);
    await app.sql(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [person.id]);
    await app.admin().delete(`/admin/identities/${person.id}/credentials/${type}`).expect(204);
    await app.admin().delete(`/admin/identities/${person.id}/credentials/${type}`).expect(404);
    expect(await told(person.email)).toMatchObject([{ type: 'second_factor_removed', byAdministrator: true }]);
  });

  test('without a secret or an address in the stored notice', async () => {
    const person = await newPerson(app);
    await settings(await nativeSession(person), { method: 'password', password: 'correct horse battery staple' });
    const stored = JSON.stringify(await told(person.email));
    for (const text of ['correct horse', person.email, 'ory_st_']) expect(stored).not.toContain(text);
  });
});

describe('nobody is told', () => {
  test('of a change that did not happen', async () => {
    const [ada, eve] = [await newPerson(app), await newPerson(app)];
    const body = { schema_id: 'person', state: 'active', traits: { email: eve.email } };
    await app.admin().put(`/admin/identities/${ada.id}`).send(body).expect(409);
    expect(await told(ada.email)).toEqual([]);
  });

  test('of a change that lets nobody in', async () => {
    const person = await newPerson(app);
    const body = { schema_id: 'person', state: 'active', traits: { email: person.email, locale: 'fr' } };
    await app.admin().put(`/admin/identities/${person.id}`).send(body).expect(200);
    expect(await told(person.email)).toEqual([]);
  });

  test.each([
    ['if the configuration says so', mailed('code', { regain: { courier: { notices: false } } })],
    ['if no mail is sent', {}],
  ])('%s', async (_, config) => {
    const quiet = await startTestApp({ config });
    try {
      const person = await newPerson(quiet);
      const credentials = { password: { config: { password: 'another horse battery staple' } } };
      const body = { schema_id: 'person', state: 'active', traits: { email: person.email }, credentials };
      await quiet.admin().put(`/admin/identities/${person.id}`).send(body).expect(200);
      expect(await quiet.sql('SELECT id FROM courier_message')).toEqual([]);
    } finally {
      await quiet.stop();
    }
  });
});
