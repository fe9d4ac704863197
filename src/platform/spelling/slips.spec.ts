import fc from 'fast-check';
import { expect, test } from 'vitest';
import { edits, slips } from './slips.js';

test.each([
  ['', '', 0, 0],
  ['', 'abc', 3, 3],
  ['kitten', 'sitting', 3, 3],
  ['form', 'from', 2, 1],
  ['ab', 'ba', 2, 1],
  ['same', 'same', 0, 0],
])('%j to %j is %i edits, or %i where neighbours may swap', (one, other, apart, swapped) => {
  expect(edits(one, other, { swaps: false })).toBe(apart);
  expect(slips(one, other)).toBe(swapped);
});

test('it is the same both ways, at most the longer text, and a swap never costs more', () => {
  const text = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(text, text, (one, other) => {
      const apart = edits(one, other, { swaps: false });
      expect(edits(other, one, { swaps: false })).toBe(apart);
      expect(apart).toBeLessThanOrEqual(Math.max(one.length, other.length));
      expect(slips(one, other)).toBeLessThanOrEqual(apart);
    }),
  );
});
