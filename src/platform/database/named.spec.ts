import { describe, expect, test } from 'vitest';
import { named, valuesOf } from './named.js';

describe('a statement with named placeholders', () => {
  test('numbers them in order of appearance, each name once', () => {
    const statement = named('s', 'SELECT :id::uuid, :at::timestamptz, :id');
    expect(statement).toEqual({
      name: 's',
      text: 'SELECT $1::uuid, $2::timestamptz, $1',
      placeholders: ['id', 'at'],
    });
  });

  test('leaves casts alone', () => {
    expect(named('s', "SELECT '1'::int, now()::text").placeholders).toEqual([]);
  });

  test('gets its values by name and ignores values that it does not mention', () => {
    const statement = named('s', 'SELECT :b, :a');
    expect(valuesOf(statement, { a: 1, b: null, c: 3 })).toEqual([null, 1]);
  });

  test('names a missing value', () => {
    expect(() => valuesOf(named('s', 'SELECT :a, :b'), { a: 1, b: undefined })).toThrow(
      'statement s has no value for :b',
    );
  });
});
