import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { mailed, mailTo, nativeFlow, submitTo } from '../support/mail.js';
import { newPerson } from '../support/people.js';

let app: TestApp;
beforeAll(async () => {
  const courier = { show_unsent_secrets: true, default_locale: 'es', locale_trait: 'traits.settings.language' };
  const schema = {
    type: 'object',
    properties: {
      traits: {
        type: 'object',
        properties: {
          email: { type: 'string', format: 'email', 'ory.sh/kratos': { recovery: { via: 'email' } } },
          settings: { type: 'object' },
        },
      },
    },
  };
  const url = `base64://${Buffer.from(JSON.stringify(schema)).toString('base64')}`;
  const identity = { default_schema_id: 'person', schemas: [{ id: 'person', url }] };
  app = await startTestApp({ config: { ...mailed('code', { regain: { courier } }), identity } });
});
afterAll(() => app.stop());

let people = 0;

/** The subject of the mail that a person gets when they ask for a code. */
async function subject(language: unknown, acceptLanguage: string | undefined): Promise<string> {
  const email = `somebody-${++people}@example.com`;
  await newPerson(app, { traits: { email, ...(language !== undefined && { settings: { language } }) } });
  const asked = submitTo(app, await nativeFlow(app), { method: 'code', email });
  await (acceptLanguage === undefined ? asked : asked.set('accept-language', acceptLanguage)).expect(200);
  return (await mailTo(app, email))[0]!.subject.replace(/\d{6}/, 'N');
}

const GERMAN = 'Code N: zurück in Ihr Konto';
const FRENCH = 'Code N pour retrouver l’accès à votre compte';
const SPANISH = 'Código N para recuperar el acceso a su cuenta';

test.each([
  ['fr', 'de-AT,de;q=0.9,en;q=0.1', GERMAN],
  ['fr', 'it, ja;q=0.5', FRENCH],
  ['fr-CA', undefined, FRENCH],
  ['it', undefined, SPANISH],
  [undefined, '*', SPANISH],
  [{ not: 'a language' }, undefined, SPANISH],
  ['x'.repeat(5_000), undefined, SPANISH],
])('trait %j, browser %j: %s', async (language, acceptLanguage, expected) => {
  expect(await subject(language, acceptLanguage)).toBe(expected);
});
