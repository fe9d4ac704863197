import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../../test/support/app.js';
import { newPerson } from '../../../test/support/people.js';
import { CurrentRequest } from '../../platform/http/index.js';
import { CreateGrant, type NewGrant } from './create-grant.js';

const CALLERS = 24;
const ROUNDS = 10;

let app: TestApp;
beforeAll(async () => void (app = await startTestApp({ config: { regain: { database: { pool: 30 } } } })));
afterAll(() => app.stop());

const grantFor = (identityId: string, digest: Buffer): NewGrant => ({
  kind: 'link',
  identityId,
  flowId: randomUUID(),
  flowType: 'browser',
  digest: randomBytes(32),
  keyId: null,
  lifetime: 3600,
  requestUrl: `${app.publicUrl}/self-service/recovery/browser`,
  returnTo: null,
  method: 'link',
  key: { digest, requestDigest: digest, keyId: 'k', lock: digest.readBigInt64BE(0).toString() },
});
const create = (identityId: string, digest: Buffer) =>
  app.get(CreateGrant).run(grantFor(identityId, digest), app.get(CurrentRequest));
const rowsOf = (table: string, identityId: string) =>
  app.sql(`SELECT id FROM ${table} WHERE identity_id = $1`, [identityId]);

describe('calls with the same key', () => {
  test('create one link, one flow and one audit event if they run concurrently', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { id } = await newPerson(app);
      const digest = randomBytes(32);
      const answers = await Promise.all(Array.from({ length: CALLERS }, () => create(id, digest)));
      expect(answers.filter(({ kind }) => kind === 'created')).toHaveLength(1);
      expect(answers.filter(({ kind }) => kind === 'running')).toHaveLength(CALLERS - 1);
      expect(await rowsOf('recovery_grant', id)).toHaveLength(1);
      expect(await rowsOf('recovery_flow', id)).toHaveLength(1);
      const events = `SELECT id FROM audit_event WHERE target_id = $1 AND action = 'recovery.link.created'`;
      expect(await app.sql(events, [id])).toHaveLength(1);
    }
  });

  test('leave no key behind if the identity is unknown', async () => {
    const digest = randomBytes(32);
    expect(await create(randomUUID(), digest)).toEqual({ kind: 'unknown' });
    const { id } = await newPerson(app);
    expect((await create(id, digest)).kind).toBe('created');
  });
});

test('an address whose spelling changed to another mailbox since it was chosen gets nothing', async () => {
  const { id, email } = await newPerson(app);
  const [address] = await app.sql<{ id: string }>('SELECT id FROM recovery_address WHERE identity_id = $1', [id]);
  const message = { id: randomUUID(), secret: null, keyId: null, data: '{}' };
  const send = (chosen: string) => {
    const mail = { addressId: address!.id, address: chosen, template: 'recovery_link_admin', message };
    const grant = { ...grantFor(id, randomBytes(32)), mail };
    return app.get(CreateGrant).run(grant, app.get(CurrentRequest));
  };
  await app.sql(`UPDATE recovery_address SET value = 'ｐ' || substr(value, 2) WHERE identity_id = $1`, [id]);
  expect(await send(email)).toEqual({ kind: 'unknown' });
  expect(await rowsOf('recovery_grant', id)).toEqual([]);
  expect((await send(`ｐ${email.slice(1)}`)).kind).toBe('created');
});

test('calls with different keys neither wait for each other nor share anything', async () => {
  const { id } = await newPerson(app);
  const answers = await Promise.all(Array.from({ length: CALLERS }, () => create(id, randomBytes(32))));
  expect(answers.filter(({ kind }) => kind === 'created')).toHaveLength(CALLERS);
  expect(await rowsOf('recovery_grant', id)).toHaveLength(CALLERS);
});
