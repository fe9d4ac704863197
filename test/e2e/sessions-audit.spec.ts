import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { person, signIn } from '../support/sign-in.js';

/** The audit trail accepts no session events here: nothing may change without one. */
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await app.sql(
    `ALTER TABLE audit_event ADD CONSTRAINT refuses CHECK (action NOT IN
       ('session.revoked', 'session.others_revoked', 'session.all_deleted', 'session.extended'))`,
  );
});
afterAll(() => app?.stop());

test.each([
  ['delete', '/sessions'],
  ['delete', '/sessions/OTHER'],
  ['delete', '/admin/sessions/OTHER'],
  ['delete', '/admin/identities/PERSON/sessions'],
  ['patch', '/admin/sessions/OTHER/extend'],
] as const)('%s %s changes nothing when its event cannot be written', async (method, path) => {
  const anna = await person(app);
  const tokens = [await signIn(app, anna), await signIn(app, anna)] as const;
  const rows = async () =>
    app.sql<{ id: string }>('SELECT * FROM session WHERE identity_id = $1 ORDER BY issued_at', [anna.id]);
  const before = await rows();
  const target = path.replace('OTHER', before[1]!.id).replace('PERSON', anna.id);
  const asked = path.startsWith('/admin')
    ? app.admin()[method](target)
    : app.publicAgent()[method](target).set('x-session-token', tokens[0]);

  expect((await asked).status).toBe(500);
  expect(await rows()).toEqual(before);
});
