import { expect, test } from 'vitest';
import { ExactNumber, parseExact } from '../../platform/json/index.js';
import { withoutTrait } from './without-trait.js';

const TRAITS = parseExact(
  '{"email":"a","number":1.10,"others":["b","c","d"],"in":{"one":"e","two":["f",{"g":"h","i":1}]}}',
);

test.each([
  [['email'], { others: ['b', 'c', 'd'] }],
  [['others', '0'], { others: ['c', 'd'] }],
  [['others', '2'], { others: ['b', 'c'] }],
  [['in', 'one'], { in: { two: ['f', { g: 'h', i: 1 }] } }],
  [['in', 'two', '1', 'g'], { in: { one: 'e', two: ['f', { i: 1 }] } }],
  [['in'], { others: ['b', 'c', 'd'] }],
])('%j is removed, and nothing else', (path, expected) => {
  const before = JSON.stringify(TRAITS);
  const after = withoutTrait(TRAITS as Record<string, unknown>, path);
  expect(after).toMatchObject(expected);
  expect(Object.keys(after).length).toBe(path.length === 1 ? 3 : 4);
  expect(JSON.stringify(TRAITS)).toBe(before);
  expect(after['number']).toEqual((TRAITS as Record<string, unknown>)['number']);
});

test('a key that a list or an object does not have changes nothing', () => {
  for (const path of [['others', '3'], ['others', 'length'], ['nowhere'], ['__proto__']])
    expect(withoutTrait(TRAITS as Record<string, unknown>, path)).toEqual(TRAITS);
});

test('numbers keep their digits', () => {
  const traits = parseExact('{"email":"a","n":9007199254740993}') as Record<string, unknown>;
  expect(withoutTrait(traits, ['email'])['n']).toBeInstanceOf(ExactNumber);
});
