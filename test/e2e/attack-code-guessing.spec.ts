import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { codeTo, mailed, mailTo, nativeFlow, otherThan, submitTo } from '../support/mail.js';
import { newPerson } from '../support/people.js';

const MAILS = 6;
const GUESSES = 8;
const PER_FLOW = 5;

let app: TestApp;
beforeAll(async () => {
  const rate_limits = { recovery_mails: `${MAILS}/1h`, code_address: `${GUESSES}/1h` };
  const config = mailed('code', { regain: { rate_limits, serve: { trusted_proxies: ['127.0.0.1'] } } });
  app = await startTestApp({ config });
});
afterAll(() => app.stop());

const submit = (flow: string, fields: object, from: string) =>
  submitTo(app, flow, { method: 'code', ...fields }).set('x-forwarded-for', from);
const sessions = (id: string) => app.sql('SELECT id FROM session WHERE identity_id = $1', [id]);

/** Begins flows for the address until no more mail is sent, each from a network of its own; the flows with their codes. */
async function flowsFor(email: string): Promise<{ flow: string; code: string }[]> {
  const flows: { flow: string; code: string }[] = [];
  for (let at = 0; at < 2 * MAILS; at++) {
    const flow = await nativeFlow(app);
    const { status } = await submit(flow, { email }, `203.0.113.${at}`);
    if (status === 200) flows.push({ flow, code: await codeTo(app, email) });
  }
  return flows;
}

/** security.md T-32: the limit of one flow is worth nothing to whoever begins a thousand. */
test('a guesser with many flows has no more guesses than one address bears, all at once or not', async () => {
  const { id, email } = await newPerson(app);
  const flows = await flowsFor(email);
  expect(flows).toHaveLength(MAILS);
  expect(await mailTo(app, email)).toHaveLength(MAILS);

  const wrong = flows.flatMap(({ flow, code }) => [flow, flow].map((each) => ({ flow: each, code: otherThan(code) })));
  await Promise.all(wrong.map(({ flow, code }) => submit(flow, { code }, '203.0.113.200')));
  expect(wrong.length).toBeGreaterThan(GUESSES);
  const lucky = await Promise.all(flows.map(({ flow, code }) => submit(flow, { code }, '203.0.113.200')));

  expect(await sessions(id)).toEqual([]);
  const refusals = lucky.map(({ body }) => (body as { ui: { messages: { id: number }[] } }).ui.messages[0]!.id);
  expect(new Set(refusals)).toEqual(new Set([4060006]));
});

test('with a thousand networks, too, no more guesses are compared than the mails bear', async () => {
  const { email } = await newPerson(app);
  const flows = await flowsFor(email);
  const tries = flows.flatMap(({ flow, code }) => Array.from({ length: 3 * PER_FLOW }, () => [flow, code] as const));
  await Promise.all(tries.map(([flow, code], at) => submit(flow, { code: otherThan(code) }, `192.0.2.${at % 250}`)));
  const [row] = await app.sql<{ counted: string }>(
    `SELECT sum(submit_count) AS counted FROM recovery_flow WHERE submitted->>'email' = $1`,
    [email],
  );
  expect(Number(row!.counted)).toBe(MAILS * PER_FLOW);
});

test('the owner, elsewhere, is let in meanwhile', async () => {
  const { id, email } = await newPerson(app);
  const stolen = await nativeFlow(app);
  await submit(stolen, { email }, '203.0.113.201');
  for (let at = 0; at < GUESSES + 2; at++) await submit(stolen, { code: '000000' }, '203.0.113.201');
  const own = await nativeFlow(app);
  await submit(own, { email }, '203.0.113.202');
  await submit(own, { code: await codeTo(app, email) }, '203.0.113.202');
  expect(await sessions(id)).toHaveLength(1);
});
