import { expect, test } from 'vitest';
import { moveMany } from '../integration/kratos-import-many.js';

test('100,000 identities', async () => {
  const figures = await moveMany(100_000);
  console.log(figures);
  expect(figures).toContain('100000 of 100000 equal');
});
