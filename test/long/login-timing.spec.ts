import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { CHEAP_HASHES, peopleOfKinds, widestDifference } from '../support/login-timing.js';

let app: TestApp;
beforeAll(async () => void (app = await startTestApp({ config: CHEAP_HASHES })));
afterAll(() => app.stop());

test('2,000 wrong passwords of each kind of hash: medians within a millisecond', async () => {
  const { widest } = await widestDifference(app, await peopleOfKinds(app), 2_000);
  expect(widest).toBeLessThan(1);
}, 3_600_000);
