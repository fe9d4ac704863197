import { expect, test } from 'vitest';
import { startTogether } from '../faults/start-together.js';

test('20 times two starts on one empty database', async () => {
  const figures = await startTogether(20);
  console.log(figures);
  expect(figures).toContain('20 rounds');
});
