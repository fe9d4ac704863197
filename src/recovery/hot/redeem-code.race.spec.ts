import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestApp, type TestApp } from '../../../test/support/app.js';
import { mailed, newCode, otherThan, submitTo } from '../../../test/support/mail.js';
import { newPerson } from '../../../test/support/people.js';
import { RedeemCodeStatement } from './redeem-code.js';

const CALLERS = 24;
const GUESSES = 200;
const MOST = 5;

let app: TestApp;
const config = {
  ...mailed('code', { regain: { database: { pool: 30 } } }),
  feature_flags: { use_continue_with_transitions: true },
};
beforeAll(async () => void (app = await startTestApp({ config })));
afterAll(() => app.stop());
afterEach(() => void vi.restoreAllMocks());

const sessions = (identityId: string) => app.sql('SELECT id FROM session WHERE identity_id = $1', [identityId]);
const counted = async (flow: string): Promise<number> =>
  (await app.sql<{ n: number }>('SELECT submit_count AS n FROM recovery_flow WHERE id = $1', [flow]))[0]!.n;
const guess = (flow: string, code: string) => submitTo(app, flow, { method: 'code', code });

describe('many concurrent guesses of one code', () => {
  test('are compared at most five times; the right one comes too late', async () => {
    const { id } = await newPerson(app);
    const { flow, code } = await newCode(app, id);
    const compared = vi.spyOn(app.get(RedeemCodeStatement), 'run');
    const answers = await Promise.all(Array.from({ length: GUESSES }, () => guess(flow, otherThan(code))));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(MOST);
    expect(statuses.filter((status) => status === 400)).toHaveLength(GUESSES - MOST);
    expect(compared).toHaveBeenCalledTimes(MOST);
    expect(await counted(flow)).toBe(MOST);
    const late = await guess(flow, code);
    expect(late.body.error.reason).toBe('The request was submitted too often. Please request another code.');
    expect(await sessions(id)).toEqual([]);
  }, 60_000);

  test('are counted even if the server fails while comparing', async () => {
    const { id } = await newPerson(app);
    const { flow, code } = await newCode(app, id);
    vi.spyOn(app.get(RedeemCodeStatement), 'run').mockRejectedValue(new Error('planted'));
    for (let i = 1; i <= MOST; i++) {
      expect((await guess(flow, code)).status).toBe(500);
      expect(await counted(flow)).toBe(i);
    }
    vi.restoreAllMocks();
    expect((await guess(flow, code)).status).toBe(400);
    expect(await sessions(id)).toEqual([]);
  });
});

describe('many concurrent submissions of the right code', () => {
  test('have one winner, one session, one settings flow, one audit event', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await newPerson(app);
      const { flow, code } = await newCode(app, id, { flow_type: 'api' });
      const answers = await Promise.all(Array.from({ length: CALLERS }, () => guess(flow, code)));
      expect(answers.filter((answer) => answer.body.continue_with !== undefined)).toHaveLength(1);
      expect(answers.filter((answer) => answer.status >= 500)).toEqual([]);
      expect(await sessions(id)).toHaveLength(1);
      expect(await app.sql('SELECT id FROM settings_flow WHERE identity_id = $1', [id])).toHaveLength(1);
      const redeemed = `SELECT id FROM audit_event WHERE target_id = $1 AND action = 'recovery.code.redeemed' AND outcome = 'success'`;
      expect(await app.sql(redeemed, [id])).toHaveLength(1);
    }
  });

  test('of one person’s two codes do not deadlock: one wins, the other is withdrawn', async () => {
    for (let round = 0; round < 20; round++) {
      const { id } = await newPerson(app);
      const codes = [await newCode(app, id), await newCode(app, id)];
      const answers = await Promise.all(codes.map(({ flow, code }) => guess(flow, code)));
      expect(answers.filter((answer) => answer.status >= 500)).toEqual([]);
      expect(await sessions(id)).toHaveLength(1);
    }
  });
});
