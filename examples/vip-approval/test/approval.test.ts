import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestApp, type TestApp } from 'regain/testing';
import vip from '../src/index.js';

let app: TestApp;
before(async () => {
  app = await startTestApp({
    extensions: [vip],
    deliver: true,
    config: { extensions: { 'vip-approval': { hours: 2 } } },
  });
});
after(() => app?.stop());

const someone = () => app.person({ metadata_admin: { vip: true } });
const ask = (id: string, token: string) => app.admin('POST', '/admin/recovery/link', { identity_id: id }, token);
const approve = (id: string, token: string) => app.admin('POST', `/admin/vip-approvals/${id}`, undefined, token);
const idOf = ({ body }: { body: unknown }) => (body as { error?: { id?: string } }).error?.id;

test('a link waits for another administrator, and then is made', async () => {
  const { id } = await someone();
  const [asks, approves] = [await app.token('recovery:issue'), await app.token('vip:approve')];
  const waiting = await ask(id, asks);
  assert.deepEqual([waiting.status, idOf(waiting)], [403, 'vip_approval_missing']);
  assert.equal((await approve(id, approves)).status, 204);
  assert.equal((await ask(id, asks)).status, 200);
});

test('an approved link can be mailed', async () => {
  const { id, email } = await someone();
  const [asks, approves] = [await app.token('recovery:issue'), await app.token('vip:approve')];
  const send = () =>
    app.admin(
      'POST',
      '/admin/recovery/link',
      { identity_id: id, deliver: { to: 'default' }, return_secret: false },
      asks,
    );
  assert.equal((await send()).status, 403);
  await approve(id, approves);
  assert.equal((await send()).status, 200);
  assert.match((await app.mailTo(email)).text, /\/ui\/confirm\?|recovery\?/);
});

test('everybody else gets theirs as ever', async () => {
  const { id } = await app.person();
  assert.equal((await ask(id, await app.token('recovery:issue'))).status, 200);
});

test('nobody approves their own request, and nobody without the scope', async () => {
  const { id } = await someone();
  const both = await app.token('recovery:issue', 'vip:approve');
  await ask(id, both);
  assert.equal((await approve(id, both)).status, 404);
  assert.equal((await approve(id, await app.token('recovery:issue'))).status, 403);
  assert.equal((await ask(id, both)).status, 403);
});
