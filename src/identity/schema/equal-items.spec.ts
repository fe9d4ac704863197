import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equalItems } from './equal-items.js';

/** Few distinct values, so that many are equal; without -0, which JSON writes as 0. */
const VALUE = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, 1, -1, 1.5, 1e21, '', '0', '1', 'a', 'true', 'null', '[]', '{}'),
    fc.array(tie('any'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', '"', ':', '__proto__'), tie('any'), { maxKeys: 2 }),
  ),
})).any;

test('finds the same pairs as comparing all with all, up to twenty', () => {
  fc.assert(
    fc.property(fc.array(VALUE, { maxLength: 12 }), (items) => {
      const pairs = items.flatMap((item, j) =>
        items.slice(0, j).flatMap((other, i) => (isDeepStrictEqual(asJson(other), asJson(item)) ? [[i, j]] : [])),
      );
      expect(equalItems(items)).toEqual(pairs.slice(0, 20));
    }),
    { numRuns: 1_000 },
  );
});

/** With ordinary objects, because isDeepStrictEqual compares prototypes. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('the order of members does not matter', () => {
  expect(
    equalItems([
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ]),
  ).toEqual([[0, 1]]);
});

test('many items take no time', () => {
  const began = performance.now();
  expect(equalItems(Array.from({ length: 40_000 }, (_, i) => ({ i: Math.min(i, 39_998) })))).toEqual([
    [39_998, 39_999],
  ]);
  expect(performance.now() - began).toBeLessThan(5_000); // comparing all with all takes a minute
});
