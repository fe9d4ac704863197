import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../../test/support/app.js';
import { mailed, mailTo, nativeFlow, submitTo } from '../../../test/support/mail.js';
import { newPerson } from '../../../test/support/people.js';

const CALLERS = 6;

let app: TestApp;
beforeAll(async () => void (app = await startTestApp({ config: mailed('code') })));
afterAll(() => app.stop());

const submit = (flow: string, fields: object) => submitTo(app, flow, { method: 'code', ...fields });
const alive = (flow: string) =>
  app.sql('SELECT id FROM recovery_grant WHERE flow_id = $1 AND used_at IS NULL AND revoked_at IS NULL', [flow]);

/** Locks the flow's row, so that all statements start before any of them ends. */
async function hold(flow: string, seconds: number): Promise<{ end: Promise<unknown> }> {
  const statement =
    'WITH held AS (SELECT id FROM recovery_flow WHERE id = $1 FOR UPDATE) SELECT pg_sleep($2) FROM held';
  const end = app.sql(statement, [flow, seconds]);
  await new Promise((done) => setTimeout(done, 100));
  return { end };
}

describe('concurrent requests for codes', () => {
  test('leave one working code, however many are sent', async () => {
    for (let round = 0; round < 5; round++) {
      const { email } = await newPerson(app);
      const flow = await nativeFlow(app);
      const held = await hold(flow, 0.5);
      const answers = await Promise.all(Array.from({ length: CALLERS }, () => submit(flow, { email })));
      await held.end;
      expect(answers.map((answer) => answer.status)).toEqual(Array(CALLERS).fill(200));
      expect(await mailTo(app, email)).toHaveLength(CALLERS);
      expect(await alive(flow)).toHaveLength(1);
    }
  });

  test('while the previous code is redeemed end in no error and at most one session', async () => {
    for (let round = 0; round < 15; round++) {
      const { id, email } = await newPerson(app);
      const flow = await nativeFlow(app);
      await submit(flow, { email }).expect(200);
      const code = /\b\d{6}\b/.exec((await mailTo(app, email))[0]!.body)![0];
      const answers = await Promise.all([submit(flow, { code }), submit(flow, { email }), submit(flow, { email })]);
      expect(answers.filter((answer) => answer.status >= 500)).toEqual([]);
      const won = answers[0].body.continue_with === undefined ? 0 : 1;
      expect(await app.sql('SELECT id FROM session WHERE identity_id = $1', [id])).toHaveLength(won);
    }
  });
});
