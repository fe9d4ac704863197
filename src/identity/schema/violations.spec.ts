import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Configuration } from '../../config/index.js';
import { TraitsInvalid } from '../identity.errors.js';
import { SchemaRegistry } from './schema-registry.js';

/** A schema, and a value that it accepts. */
interface Part {
  readonly schema: object;
  readonly value: unknown;
  /** properties of an object */
  readonly properties?: Readonly<Record<string, Part>>;
  /** of every element of a list */
  readonly items?: Part;
  /** a value that breaks exactly one rule, and the resulting message */
  readonly bad?: readonly [value: unknown, text: RegExp];
}

interface Fault {
  readonly value: unknown;
  /** what the error must name */
  readonly path: readonly string[];
  readonly text: RegExp;
}

/** Part of every text in every document; no error may repeat it. */
const SECRET = 's3cr3t';

const text = (rules: object, value: string, bad: string, says: RegExp): Part => ({
  schema: { type: 'string', ...rules },
  value: `${SECRET}${value}`,
  bad: [`${SECRET}${bad}`, says],
});
const LEAVES: readonly Part[] = [
  text({ minLength: 12 }, '-long-enough', '', /^must NOT have fewer than 12 characters$/),
  text({ maxLength: 12 }, '', '-much-too-long', /^must NOT have more than 12 characters$/),
  text({ pattern: '^.{6}-[0-9]+$' }, '-12', '-x', /^must match pattern "/),
  text({ format: 'email' }, '@example.com', '.example.com', /^must match format "email"$/),
  text({ enum: [`${SECRET}-a`, `${SECRET}-b`] }, '-b', '-c', /^must be equal to one of the allowed values$/),
  { schema: { type: 'integer', minimum: 0 }, value: 7, bad: [-7, /^must be >= 0$/] },
  { schema: { type: 'boolean' }, value: true, bad: [SECRET, /^must be boolean$/] },
  { schema: { type: 'string' }, value: SECRET, bad: [[SECRET], /^must be string$/] },
];

const key = fc.oneof(
  fc.constantFrom(
    'email',
    'a/b',
    '~',
    '~1',
    '%41',
    'a.b',
    'a b',
    'ü',
    '"',
    '\\',
    "it's (!*)",
    'a&b=c+d:e@f$g',
    'a,b;c?d',
  ),
  fc.constantFrom('constructor', 'toString', '0', '$ref', 'properties', 'ory.sh/kratos'),
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 4 })
    .filter((name) => name !== '__proto__' && name.isWellFormed()),
);

const { object } = fc.letrec<{ part: Part; object: Part; list: Part }>((tie) => ({
  part: fc.oneof({ maxDepth: 3 }, fc.constantFrom(...LEAVES), tie('object'), tie('list')),
  list: tie('part').map((items) => ({
    schema: { type: 'array', items: items.schema },
    value: [items.value, items.value],
    items,
  })),
  object: fc.dictionary(key, tie('part'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }).map((properties) => ({
    schema: {
      type: 'object',
      properties: mapped(properties, ({ schema }) => schema),
      required: Object.keys(properties),
      additionalProperties: false,
    },
    value: mapped(properties, ({ value }) => value),
    properties,
  })),
}));

const mapped = <T>(properties: Readonly<Record<string, Part>>, make: (part: Part) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, make(part)]));

/** All documents of the part with exactly one fault. */
function faultsOf(part: Part, path: readonly string[]): Fault[] {
  const own = part.bad === undefined ? [] : [{ value: part.bad[0], path, text: part.bad[1] }];
  if (part.items) {
    const value = part.value as unknown[];
    const within = faultsOf(part.items, [...path, '1']);
    return within.map((fault) => ({ ...fault, value: value.with(1, fault.value) }));
  }
  if (!part.properties) return own;
  const value = part.value as Record<string, unknown>;
  const within = Object.entries(part.properties).flatMap(([name, property]) =>
    faultsOf(property, [...path, name]).map((fault) => ({
      ...fault,
      value: Object.fromEntries(Object.entries(value).map(([n, v]) => [n, n === name ? fault.value : v])),
    })),
  );
  const [first] = Object.keys(value);
  const without = Object.fromEntries(Object.entries(value).filter(([name]) => name !== first));
  return [
    ...within,
    { value: without, path, text: /^missing properties: "/s },
    { value: { ...value, 'not known': SECRET }, path, text: /^additionalProperties "not known" not allowed$/ },
  ];
}

/** RFC 6901 as a fragment, escaped like a path segment in Go. */
const PLAIN = /[A-Za-z0-9\-_.~$&+=:@]/;
const escaped = (name: string): string =>
  [...Buffer.from(name.replaceAll('~', '~0').replaceAll('/', '~1'))]
    .map((byte) => [String.fromCharCode(byte), `%${byte.toString(16).toUpperCase().padStart(2, '0')}`] as const)
    .map(([plain, code]) => (PLAIN.test(plain) ? plain : code))
    .join('');

function registryOf(traits: Part): SchemaRegistry {
  const raw = { type: 'object', properties: { traits: traits.schema } };
  const configuration = {
    schemas: [{ id: 'any', url: '', digest: '', raw }],
    identity: { default_schema_id: 'any' },
  };
  return new SchemaRegistry(configuration as unknown as Configuration);
}

function refusal(registry: SchemaRegistry, value: unknown): TraitsInvalid | undefined {
  try {
    registry.check('any', value as Record<string, unknown>);
    return undefined;
  } catch (error) {
    if (error instanceof TraitsInvalid) return error;
    throw error;
  }
}

describe('a document with one fault', () => {
  test('is refused for that fault, named by its pointer, and no value is repeated', () => {
    const seen = new Set<number>();
    fc.assert(
      fc.property(object, fc.nat(), (traits, which) => {
        const registry = registryOf(traits);
        expect(refusal(registry, traits.value)).toBeUndefined();
        const faults = faultsOf(traits, ['traits']);
        const fault = faults[which % faults.length]!;
        const error = refusal(registry, fault.value);
        expect(error?.violations).toHaveLength(1);
        const pointer = ['#', ...fault.path.map(escaped)].join('/');
        expect(error?.violations[0]).toMatchObject({ pointer, text: expect.stringMatching(fault.text) });
        expect(error?.reason?.startsWith(`I[${pointer}] S[#/properties/traits/`)).toBe(true);
        expect(error?.reason).not.toContain(SECRET);
        seen.add(fault.path.length);
      }),
      { numRuns: 60, endOnFailure: true },
    );
    expect(seen.size).toBeGreaterThan(2);
  });

  test.each([
    ['a/b', '#/traits/a~1b'],
    ['~', '#/traits/~0'],
    ['first name', '#/traits/first%20name'],
    ['größe', '#/traits/gr%C3%B6%C3%9Fe'],
  ])('%s', (name, pointer) => {
    const traits: Part = { schema: { properties: { [name]: { type: 'string' } } }, value: {} };
    expect(refusal(registryOf(traits), { [name]: 7 })?.reason).toBe(
      `I[${pointer}] S[${pointer.replace('#/traits/', '#/properties/traits/properties/')}/type] must be string`,
    );
  });
});
