import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { begin, cookies, credentials } from '../support/login-steps.js';
import { newLink } from '../support/links.js';
import { newPerson } from '../support/people.js';
import { field, person } from '../support/sign-in.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ config: { serve: { public: { base_url: 'https://id.example.com' } } } });
});
afterAll(() => app.stop());

const NAME = '__Host-regain_confirmation';

/** The confirmation page of a new link, and what its form sends. */
async function confirmPage() {
  const { id } = await newPerson(app);
  const link = await newLink(app, id);
  const [flow, token] = [link.searchParams.get('flow')!, link.searchParams.get('token')!];
  const page = await app.publicAgent().get('/ui/confirm').query({ flow, token }).expect(200);
  const line = cookies(page).find((each) => each.includes('regain_confirmation'))!;
  const proof = /name="proof" value="([^"]+)"/.exec(page.text)![1]!;
  return { line, nonce: /=([^;]+)/.exec(line)![1]!, form: { flow, token, proof } };
}

const press = (form: object, cookie: string) =>
  app.publicAgent().post('/self-service/recovery').set({ accept: 'text/html', cookie }).type('form').send(form);

test('the confirmation’s cookie is host-only', async () => {
  const { line, nonce, form } = await confirmPage();
  expect(line).toMatch(/^__Host-regain_confirmation=[^;]+; Path=\/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax$/);
  const answer = await press(form, `${NAME}=${nonce}`);
  expect(answer.headers['location']).toContain('/ui/settings?flow=');
});

/** The attack: a sibling host could confirm the attacker's own link in the victim's browser. */
test('one set by a sibling host confirms nothing', async () => {
  const { nonce, form } = await confirmPage();
  const answer = await press(form, `regain_confirmation=${nonce}`);
  expect(answer.headers['location']).toContain('/ui/confirm?flow=');
});

test('session and CSRF cookies keep their names: an upgrade signs nobody out', async () => {
  const agent = app.publicAgent();
  const started = await agent.get('/self-service/login/browser').set('accept', 'application/json').expect(200);
  const csrf = cookies(started).map((line) => line.split(';')[0]!);
  expect(csrf).toEqual([expect.stringMatching(/^csrf_token_[0-9a-f]{64}=/)]);
  const flow = started.body as Awaited<ReturnType<typeof begin>>;
  const answer = await agent
    .post(`/self-service/login?flow=${flow.id}`)
    .set({ accept: 'text/html', cookie: csrf.join('; ') })
    .type('form')
    .send({ csrf_token: field(flow, 'csrf_token'), ...credentials(await person(app)) });
  expect(cookies(answer).map((line) => line.split('=')[0])).toContain('ory_kratos_session');
});
