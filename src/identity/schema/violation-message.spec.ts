import { describe, expect, test } from 'vitest';
import type { Configuration } from '../../config/index.js';
import { renderMessage } from '../../platform/ui/index.js';
import { TraitsInvalid } from '../identity.errors.js';
import { SchemaRegistry } from './schema-registry.js';

/** Fields and messages as forms show them: `[field, id, text, context]`. */
function said(schema: object, traits: unknown): unknown[] {
  const raw = { type: 'object', properties: { traits: schema } };
  const registry = new SchemaRegistry({
    schemas: [{ id: 'any', url: '', digest: '', raw }],
    identity: { default_schema_id: 'any' },
  } as unknown as Configuration);
  try {
    registry.check('any', traits as Record<string, unknown>);
    return [];
  } catch (error) {
    if (!(error instanceof TraitsInvalid)) throw error;
    return error.violations.map(({ field, message }) => {
      const { id, text, context } = renderMessage(message);
      return [field, id, text, context];
    });
  }
}

const ofX = (rules: object, value: unknown): unknown[] =>
  said({ type: 'object', properties: { x: rules } }, { x: value });
/** Fields and ids only. */
const idsAt = (messages: unknown[]): unknown[] => messages.map((each) => (each as unknown[]).slice(0, 2));
const generic = (reason: string) => [4_000_001, reason, { reason }];

describe('one rule, one message', () => {
  test.each([
    [
      { type: 'string', minLength: 3 },
      'ü',
      [4_000_003, 'length must be >= 3, but got 1', { min_length: 3, actual_length: 1 }],
    ],
    [
      { type: 'string', maxLength: 1 },
      '😀😀',
      [4_000_017, 'length must be <= 1, but got 2', { max_length: 1, actual_length: 2 }],
    ],
    [
      { type: 'string', pattern: '^C-\\d+$' },
      'x',
      [4_000_004, 'does not match pattern "^C-\\\\d+$"', { pattern: '^C-\\d+$' }],
    ],
    [{ type: 'number', minimum: 18 }, 7.5, [4_000_018, 'must be >= 18 but found 7.5', { minimum: 18, actual: 7.5 }]],
    [{ type: 'number', exclusiveMinimum: 0 }, 0, [4_000_019, 'must be > 0 but found 0', { minimum: 0, actual: 0 }]],
    [
      { type: 'integer', maximum: 1e6 },
      2_500_000,
      [4_000_020, 'must be <= 1e+06 but found 2.5e+06', { maximum: 1e6, actual: 2_500_000 }],
    ],
    [{ type: 'number', exclusiveMaximum: 1 }, 1, [4_000_021, 'must be < 1 but found 1', { maximum: 1, actual: 1 }]],
    [{ type: 'integer', multipleOf: 5 }, 7, [4_000_022, '7 not multipleOf 5', { base: 5, actual: 7 }]],
    [
      { type: 'array', maxItems: 1 },
      [1, 2],
      [4_000_023, 'maximum 1 items allowed, but found 2 items', { max_items: 1, actual_items: 2 }],
    ],
    [
      { type: 'array', minItems: 1 },
      [],
      [4_000_024, 'minimum 1 items allowed, but found 0 items', { min_items: 1, actual_items: 0 }],
    ],
    [
      { type: 'integer' },
      'old',
      [4_000_026, 'expected integer, but got string', { allowed_types: ['integer'], actual_type: 'string' }],
    ],
    [
      { type: 'integer' },
      1.5,
      [4_000_026, 'expected integer, but got number', { allowed_types: ['integer'], actual_type: 'number' }],
    ],
    [
      { type: ['string', 'null'] },
      [],
      [
        4_000_026,
        'expected string or null, but got array',
        { allowed_types: ['string', 'null'], actual_type: 'array' },
      ],
    ],
    [
      { type: 'object' },
      null,
      [4_000_026, 'expected object, but got null', { allowed_types: ['object'], actual_type: 'null' }],
    ],
    [{ const: 'yes' }, 'no', [4_000_029, 'must be equal to constant "yes"', { expected: '"yes"' }]],
    [{ const: 5 }, 6, [4_000_029, 'must be equal to constant "5"', { expected: '"5"' }]],
    [{ const: true }, false, [4_000_029, 'must be equal to constant true', { expected: 'true' }]],
    [{ const: null }, 1, [4_000_029, 'must be equal to constant <nil>', { expected: '<nil>' }]],
    [{ const: [1] }, [2], [4_000_030, 'const failed', undefined]],
    [{ type: 'string', format: 'email' }, 'nope', [4_000_040, 'Enter a valid email address', { value: 'nope' }]],
    [{ type: 'string', format: 'tel' }, 'call me', [4_000_041, 'Enter a valid phone number', { value: 'call me' }]],
    [{ type: 'string', format: 'uri' }, 'no "uri"', generic('"no \\"uri\\"" is not valid "uri"')],
    [{ type: 'string', format: 'date' }, '1.1.2000', generic('"1.1.2000" is not valid "date"')],
    [{ enum: ['a', 'b\\', 3, true, null] }, 'c', generic('value must be one of "a", "b\\\\", "3", true, <nil>')],
    [{ enum: ['a'] }, 'c', generic('value must be "a"')],
    [{ enum: [{}] }, 'c', generic('enum failed')],
    [{ not: { type: 'string' } }, 'c', generic('not failed')],
    [{ type: 'array', contains: { type: 'string' } }, [], generic('contains failed')],
    [false, 1, generic('always fail')],
    [
      { oneOf: [{ type: 'number' }, { type: 'string' }, { minLength: 1 }] },
      'x',
      generic('valid against schemas at indexes 1 and 2'),
    ],
    [
      { type: 'array', items: [{}], additionalItems: false },
      [1, 2, 3],
      generic('only 1 items are allowed, but found 3 items'),
    ],
    [{ type: 'object', minProperties: 2 }, { a: 1 }, generic('minimum 2 properties allowed, but found 1 properties')],
    [{ type: 'object', maxProperties: 0 }, { a: 1 }, generic('maximum 0 properties allowed, but found 1 properties')],
    [{ dependencies: { a: ['b'] } }, { a: 1 }, generic('property "b" is required, if "a" property exists')],
  ])('%j of %j', (rules, value, message) => {
    expect(ofX(rules as object, value)).toEqual([['traits.x', ...message]]);
  });
});

describe('what is reported, and where', () => {
  test('for a wrong type, only the type', () => {
    const rules = { type: 'string', enum: ['a'], minLength: 2, not: { const: 7 } };
    expect(idsAt(ofX(rules, 7))).toEqual([['traits.x', 4_000_026]]);
  });

  test('each pair of equal items', () => {
    expect(ofX({ type: 'array', uniqueItems: true }, ['a', { b: 1 }, 'a', { b: 1 }, 'a'])).toMatchObject([
      ['traits.x', 4_000_025, 'items at index 0 and 2 are equal', { index_a: 0, index_b: 2 }],
      ['traits.x', 4_000_025, 'items at index 1 and 3 are equal', { index_a: 1, index_b: 3 }],
      ['traits.x', 4_000_025, 'items at index 0 and 4 are equal', { index_a: 0, index_b: 4 }],
      ['traits.x', 4_000_025, 'items at index 2 and 4 are equal', { index_a: 2, index_b: 4 }],
    ]);
  });

  test('all disallowed properties in one message about the object', () => {
    const reason = 'additionalProperties "shoe", "ha\\"t" not allowed';
    expect(said({ type: 'object', additionalProperties: false }, { shoe: 1, 'ha"t': 2 })).toEqual([
      ['traits', ...generic(reason)],
    ]);
  });

  test('each missing property at its own field, with escaped dots', () => {
    expect(said({ type: 'object', required: ['a', 'b.c'] }, {})).toEqual([
      ['traits.a', 4_000_002, 'Property a is missing.', { property: 'a' }],
      ['traits.b\\.c', 4_000_002, 'Property b.c is missing.', { property: 'b.c' }],
    ]);
  });

  test('the failure within each branch, not that the branches failed', () => {
    const branches = {
      anyOf: [{ required: ['a'] }, { $ref: '#/properties/traits/definitions/b' }],
      definitions: { b: { required: ['b'] } },
    };
    expect(idsAt(said(branches, {}))).toEqual([
      ['traits.a', 4_000_002],
      ['traits.b', 4_000_002],
    ]);
    expect(
      ofX({ oneOf: [{ type: 'string' }, { type: 'integer' }] }, true).map((each) => (each as unknown[])[2]),
    ).toEqual(['expected string, but got boolean', 'expected integer, but got boolean']);
    expect(idsAt(ofX({ type: 'array', contains: { type: 'string' } }, [7]))).toEqual([['traits.x.0', 4_000_026]]);
    expect(idsAt(ofX({ if: { type: 'string' }, then: { minLength: 2 } }, 'a'))).toEqual([['traits.x', 4_000_003]]);
  });

  test('a disallowed name at the property with that name', () => {
    const schema = { type: 'object', propertyNames: { maxLength: 2 } };
    const context = { max_length: 2, actual_length: 3 };
    expect(said(schema, { abc: 1 })).toEqual([['traits.abc', 4_000_017, 'length must be <= 2, but got 3', context]]);
  });

  test('at most 20', () => {
    expect(ofX({ type: 'array', items: { type: 'string' } }, Array(50).fill(7))).toHaveLength(20);
    expect(ofX({ type: 'array', uniqueItems: true }, Array(50).fill(7))).toHaveLength(20);
  });
});
