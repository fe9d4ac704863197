import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { person } from '../support/sign-in.js';

/* A link or code that its person could not use is not created silently. */

const CODE = { selfservice: { methods: { code: { enabled: true } } } };

let app: TestApp;
let passive: TestApp;
let lenient: TestApp;
beforeAll(async () => {
  app = await startTestApp({ config: CODE });
  passive = await startTestApp({
    config: { selfservice: { methods: { ...CODE.selfservice.methods, password: { enabled: false } } } },
  });
  lenient = await startTestApp({ config: { ...CODE, regain: { recovery: { second_factor: 'ignore' } } } });
});
afterAll(async () => {
  await lenient?.stop();
  await passive?.stop();
  await app?.stop();
});

const issue = (on: TestApp, kind: 'link' | 'code', identityId: string, query = '', key?: string) =>
  on
    .admin()
    .post(`/admin/recovery/${kind}${query}`)
    .set(key === undefined ? {} : { 'idempotency-key': key })
    .send({ identity_id: identityId });
const made = async (on: TestApp) =>
  Number((await on.sql<{ n: string }>('SELECT count(*) AS n FROM recovery_grant'))[0]!.n);
const reason = ({ body }: { body: unknown }) => (body as { error: { reason: string } }).error.reason;

const CASES: [string, () => TestApp, (on: TestApp, id: string) => Promise<unknown>, RegExp][] = [
  [
    'an inactive identity',
    () => app,
    (on, id) =>
      on
        .admin()
        .patch(`/admin/identities/${id}`)
        .send([{ op: 'replace', path: '/state', value: 'inactive' }]),
    /inactive/,
  ],
  [
    'a second factor that cannot be checked',
    () => app,
    (on, id) => on.sql(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [id]),
    /second factor/,
  ],
  [
    'no identifier to sign in with by password',
    () => app,
    (on, id) => on.sql(`DELETE FROM credential_identifier WHERE identity_id = $1 AND type = 'password'`, [id]),
    /no identifier to sign in with by password/,
  ],
  ['no method to set a credential with', () => passive, () => Promise.resolve(), /selfservice\.methods\.password/],
];

describe.each(CASES)('%s', (_, on, prepare, why) => {
  test.each(['link', 'code'] as const)('a %s comes with a warning', async (kind) => {
    const { id } = await person(on());
    await prepare(on(), id);
    const answer = await issue(on(), kind, id);
    expect([200, 201]).toContain(answer.status);
    expect(answer.body).toMatchObject({
      recovery_link: expect.any(String) as string,
      warnings: [expect.stringMatching(why)],
    });
  });

  test.each(['link', 'code'] as const)('a %s is refused with strict, and nothing is created', async (kind) => {
    const { id } = await person(on());
    await prepare(on(), id);
    const before = await made(on());
    for (const strict of ['?strict=true', '?strict', '?strict=', '?strict=1']) {
      const answer = await issue(on(), kind, id, strict);
      expect([answer.status, reason(answer)]).toEqual([409, expect.stringMatching(why)]);
    }
    expect(await made(on())).toBe(before);
    expect([200, 201]).toContain((await issue(on(), kind, id, '?strict=false')).status);
  });
});

test('both at once are both named, even if the call is repeated', async () => {
  const { id } = await person(app);
  await app.sql(`UPDATE identity SET available_aal = 'aal2', state = 'inactive' WHERE id = $1`, [id]);
  for (const repeated of [undefined, 'true']) {
    const answer = await issue(app, 'link', id, '', 'the-same-key');
    expect(answer.headers['idempotent-replayed']).toBe(repeated);
    expect((answer.body as { warnings: string[] }).warnings).toHaveLength(2);
  }
});

test('without obstacles there is no warning', async () => {
  const { id } = await person(app);
  const answer = await issue(app, 'link', id, '?strict=true');
  expect([answer.status, Object.keys(answer.body as object).sort()]).toEqual([200, ['expires_at', 'recovery_link']]);
  const other = await person(lenient);
  await lenient.sql(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [other.id]);
  expect((await issue(lenient, 'link', other.id, '?strict=true')).status).toBe(200);
});

test('strict is true or false; an unknown identity stays unknown', async () => {
  const { id } = await person(app);
  expect((await issue(app, 'link', id, '?strict=yes')).status).toBe(400);
  expect((await issue(app, 'link', 'b0000000-0000-4000-8000-00000000000b', '?strict=true')).status).toBe(400);
});
