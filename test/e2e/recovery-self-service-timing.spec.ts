import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { mailed, nativeFlow } from '../support/mail.js';

const EACH = 1000;
const WARM_UP = 40;

let app: TestApp;
beforeAll(async () => void (app = await startTestApp({ config: mailed('code') })));
afterAll(() => app.stop());

/** Milliseconds that the server takes to answer one submission. */
async function timed(email: string): Promise<number> {
  const flow = await nativeFlow(app);
  const body = JSON.stringify({ method: 'code', email });
  const start = performance.now();
  const answer = await fetch(`${app.publicUrl}/self-service/recovery?flow=${flow}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  await answer.arrayBuffer();
  expect(answer.status).toBe(200);
  return performance.now() - start;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Each address is submitted once, because earlier submissions leave rows behind. */
async function newPeople(count: number): Promise<string[]> {
  const emails = Array.from({ length: count }, () => `person.${randomBytes(6).toString('hex')}@example.com`);
  const identities = emails.map((email) => ({ create: { traits: { email } } }));
  await app.admin().patch('/admin/identities').send({ identities }).expect(200);
  return emails;
}

/** Both of a pair run under the same load, so their difference is compared; they take turns in going first. */
test('a known address takes as long as an unknown one', async () => {
  const known = [...(await newPeople(EACH)), ...(await newPeople(WARM_UP))];
  const differences: number[] = [];
  for (const [at, email] of known.entries()) {
    const unknown = `person.${randomBytes(6).toString('hex')}@example.com`;
    const order = at % 2 === 0 ? [email, unknown] : [unknown, email];
    const [first, second] = [await timed(order[0]!), await timed(order[1]!)];
    differences.push(at % 2 === 0 ? first - second : second - first);
  }
  const difference = median(differences.slice(WARM_UP));
  console.log(`known minus unknown, median of ${EACH} pairs: ${difference.toFixed(3)} ms`);
  expect(Math.abs(difference)).toBeLessThan(1);
}, 240_000);
