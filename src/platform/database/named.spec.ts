import { describe, expect, test } from 'vitest';
import { named, valuesOf } from './named.js';

describe('a statement with named placeholders', () => {
  test('numbers them in the order in which they come, each name once', () => {
    const statement = named('s', 'SELECT :id::uuid, :at::timestamptz, :id');
    expect(statement).toEqual({
      name: 's',
      text: 'SELECT $1::uuid, $2::timestamptz, $1',
      placeholders: ['id', 'at'],
    });
  });

  test('takes a cast for a cast', () => {
    expect(named('s', "SELECT '1'::int, now()::text").placeholders).toEqual([]);
  });

  test('gets its values by name; what it does not speak of is left out', () => {
    const statement = named('s', 'SELECT :b, :a');
    expect(valuesOf(statement, { a: 1, b: null, c: 3 })).toEqual([null, 1]);
  });

  test('names the value that is missing', () => {
    expect(() => valuesOf(named('s', 'SELECT :a, :b'), { a: 1, b: undefined })).toThrow(
      'statement s has no value for :b',
    );
  });
});
