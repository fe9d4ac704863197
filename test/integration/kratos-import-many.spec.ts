import { expect, test } from 'vitest';
import { moveMany } from './kratos-import-many.js';

test('2,000 identities', { timeout: 120_000 }, async () => {
  const figures = await moveMany(2_000);
  console.log(figures);
  expect(figures).toContain('2000 of 2000 equal');
});
