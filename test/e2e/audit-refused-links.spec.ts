import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusals } from '../../src/audit/refusals.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { newLink } from '../support/links.js';
import { newPerson } from '../support/people.js';

/* A support agent who asks "why did Ada's link not work?" knows Ada, but no flow. */
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ parity: true, config: { selfservice: { methods: { code: { enabled: true } } } } });
});
afterAll(async () => app.stop());

interface Refused {
  target_type: string;
  target_id: string;
  grant_id: string | null;
}

async function refused(action: string, about: string): Promise<Refused[]> {
  await app.get(Refusals).flush();
  return app.sql<Refused>(
    `SELECT target_type, target_id, grant_id FROM audit_event WHERE action = $1 AND outcome = 'refused' AND target_id = $2`,
    [action, about],
  );
}

async function grantOf(identityId: string): Promise<string> {
  const [grant] = await app.sql<{ id: string }>(
    'SELECT id FROM recovery_grant WHERE identity_id = $1 ORDER BY created_at DESC LIMIT 1',
    [identityId],
  );
  return grant!.id;
}

const follow = (link: URL) => app.publicAgent().get(link.pathname + link.search);

describe('a refused link is found under its person', () => {
  test('used', async () => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    await follow(link);
    expect(await refused('recovery.link.redeemed', id)).toEqual([]);
    await follow(link);
    expect(await refused('recovery.link.redeemed', id)).toEqual([
      { target_type: 'identity', target_id: id, grant_id: await grantOf(id) },
    ]);
  });

  test('with a wrong secret: under the person whose flow was tried', async () => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    link.searchParams.set('token', 'x'.repeat(32));
    await follow(link);
    expect(await refused('recovery.link.redeemed', id)).toMatchObject([{ grant_id: await grantOf(id) }]);
  });

  test('with another person’s flow: under the person whose secret it was', async () => {
    const [ada, bob] = [await newPerson(app), await newPerson(app)];
    const [hers, his] = [await newLink(app, ada.id), await newLink(app, bob.id)];
    hers.searchParams.set('flow', his.searchParams.get('flow')!);
    await follow(hers);
    expect(await refused('recovery.link.redeemed', ada.id)).toMatchObject([{ grant_id: await grantOf(ada.id) }]);
    expect(await refused('recovery.link.redeemed', bob.id)).toEqual([]);
  });

  test('with an unknown flow: under the flow', async () => {
    const flow = randomUUID();
    await follow(new URL(`/self-service/recovery?flow=${flow}&token=${'y'.repeat(32)}`, app.publicUrl));
    expect(await refused('recovery.link.redeemed', flow)).toMatchObject([
      { target_type: 'recovery_flow', grant_id: null },
    ]);
  });
});

test('a wrong code is found under the person that it was for', async () => {
  const { id } = await newPerson(app);
  const { body } = await app.admin().post('/admin/recovery/code').send({ identity_id: id, flow_type: 'api' });
  const flow = new URL((body as { recovery_link: string }).recovery_link).searchParams.get('flow')!;
  const right = (body as { recovery_code: string }).recovery_code;
  const code = right === '000000' ? '000001' : '000000';
  await app.publicAgent().post(`/self-service/recovery?flow=${flow}`).send({ method: 'code', code });
  expect(await refused('recovery.code.redeemed', id)).toEqual([
    { target_type: 'identity', target_id: id, grant_id: await grantOf(id) },
  ]);
});
