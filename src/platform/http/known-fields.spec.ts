import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsArray, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { describe, expect, test } from 'vitest';
import { knownFields, warningsFor } from './known-fields.js';

class Inner {
  @IsOptional() @IsString() password?: string;
}
class Outer {
  @IsOptional() @IsString() expires_in?: string;
  @IsOptional() @IsObject() traits?: object;
  @IsOptional() @ValidateNested() @Type(() => Inner) config?: Inner;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => Inner) providers?: Inner[];
}

const read = (body: object) => knownFields(Outer, body);
const paths = (body: object) => read(body).unknown.map(({ path }) => path);

test('known fields stay at every depth; open objects stay complete', () => {
  const body = { expires_in: '1h', traits: { anything: { goes: 1 } }, config: { password: 'x' }, providers: [{}, 7] };
  expect(read(body)).toEqual({ known: body, unknown: [] });
  expect(read({ ...body, shoe: 1, config: { password: 'x', hat: 2 }, providers: [{}, { glove: 3 }] })).toEqual({
    known: { ...body, providers: [{}, {}] },
    unknown: [{ path: 'config.hat' }, { path: 'providers[1].glove' }, { path: 'shoe' }],
  });
});

test('names that every object inherits count as unknown', () => {
  expect(paths(JSON.parse('{"constructor": 1, "toString": 2, "config": {"valueOf": 3}}') as object)).toEqual([
    'constructor',
    'toString',
    'config.valueOf',
  ]);
});

describe('a misspelled field', () => {
  test.each([
    [{ expire_in: '1h' }, 'unknown field "expire_in": did you mean "expires_in"?'],
    [{ expiresIn: '1h' }, 'unknown field "expiresIn": did you mean "expires_in"?'],
    [{ Traits: {} }, 'unknown field "Traits": did you mean "traits"?'],
    [{ config: { pasword: 'x' } }, 'unknown field "config.pasword": did you mean "config.password"?'],
    [
      { providers: [{ passwrod: 'x' }] },
      'unknown field "providers[0].passwrod": did you mean "providers[0].password"?',
    ],
  ])('%j is rejected, and the error names the right field', (body, reason) => {
    for (const rule of ['near', 'all'] as const)
      expect(() => warningsFor(read(body).unknown, rule)).toThrow(expect.objectContaining({ status: 400, reason }));
    expect(warningsFor(read(body).unknown, 'none')).toEqual([]);
  });
});

test('any other unknown field gets a warning, or is rejected if all are', () => {
  const { unknown } = read({ shoe: 1, config: { hat: 2 } });
  expect(warningsFor(unknown, 'near')).toEqual([
    'The unknown field "shoe" was ignored.',
    'The unknown field "config.hat" was ignored.',
  ]);
  expect(warningsFor(unknown, 'none')).toEqual([]);
  expect(() => warningsFor(unknown, 'all')).toThrow(
    expect.objectContaining({ reason: 'unknown field "shoe"; unknown field "config.hat".' }),
  );
});

test('fifty thousand unknown fields are neither listed nor compared', () => {
  const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`${at}`.repeat(20), at]));
  const from = performance.now();
  const warnings = warningsFor(read({ config: wide }).unknown, 'near');
  expect(performance.now() - from).toBeLessThan(5_000);
  expect([warnings.length, warnings.at(-1)]).toEqual([21, '49980 more unknown fields']);
  expect(warnings.every((warning) => warning.length < 200)).toBe(true);
});
