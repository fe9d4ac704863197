import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { mailed, nativeFlow } from '../support/mail.js';
import { newPerson } from '../support/people.js';

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

test('an address that somebody has takes as long as one that nobody has', async () => {
  const people = await Promise.all(Array.from({ length: 20 }, () => newPerson(app)));
  const known: number[] = [];
  const unknown: number[] = [];
  for (let i = 0; i < EACH + WARM_UP; i++) {
    const pair = [
      async () => void known.push(await timed(people[i % people.length]!.email)),
      async () => void unknown.push(await timed(`person.${i.toString(16).padStart(12, '0')}@example.com`)),
    ];
    for (const one of i % 2 === 0 ? pair : pair.reverse()) await one();
  }
  const difference = median(known.slice(WARM_UP)) - median(unknown.slice(WARM_UP));
  console.log(`known minus unknown, medians of ${EACH}: ${difference.toFixed(3)} ms`);
  expect(Math.abs(difference)).toBeLessThan(1);
}, 180_000);
