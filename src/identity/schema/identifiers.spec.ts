import { describe, expect, test } from 'vitest';
import { load } from '../../../test/support/configuration-files.js';
import { ConfigurationError } from '../../config/index.js';
import { ExactNumber } from '../../platform/json/index.js';
import { TraitsInvalid } from '../identity.errors.js';
import { SchemaRegistry } from './schema-registry.js';

const NAME = { 'ory.sh/kratos': { credentials: { password: { identifier: true } } } };
const MAIL = { type: 'string', 'ory.sh/kratos': { recovery: { via: 'email' }, verification: { via: 'email' } } };
const PHONE = { type: 'string', 'ory.sh/kratos': { recovery: { via: 'sms' } } };

async function registryOf(schema: object): Promise<SchemaRegistry> {
  const url = `base64://${Buffer.from(JSON.stringify(schema)).toString('base64')}`;
  const schemas = `identity:\n  default_schema_id: s\n  schemas: [{ id: s, url: '${url}' }]\n`;
  return new SchemaRegistry(await load({ least: `dsn: memory\n${schemas}` }));
}

/** The identifiers and recovery addresses of traits under this schema. */
async function foundIn(traits: object, schema: object, more: object = {}) {
  const schemas = await registryOf({ type: 'object', ...more, properties: { traits: schema } });
  const { identifiers, recovery } = schemas.check('s', traits as Record<string, unknown>);
  return { names: identifiers['password']?.map(({ value }) => value), recovery: recovery.map(({ value }) => value) };
}

async function warningOf(schema: object, more: object = {}): Promise<string> {
  return (await registryOf({ type: 'object', ...more, properties: { traits: schema } })).withoutEffect() ?? '';
}

const of = (properties: object) => ({ properties });

describe('identifiers are found wherever the validator goes', () => {
  test.each<[string, object, object, string[]]>([
    ['properties', of({ a: NAME }), { a: 'x' }, ['x']],
    [
      'then',
      { if: of({ kind: { const: 1 } }), then: of({ a: NAME }), else: of({ b: NAME }) },
      { kind: 1, a: 'x', b: 'y' },
      ['x'],
    ],
    [
      'else',
      { if: of({ kind: { const: 1 } }), then: of({ a: NAME }), else: of({ b: NAME }) },
      { kind: 2, a: 'x', b: 'y' },
      ['y'],
    ],
    [
      'if, although it does not match',
      { if: { required: ['z'], properties: { z: { const: 1 }, a: NAME } }, then: {}, else: { required: ['a'] } },
      { z: 2, a: 'x' },
      ['x'],
    ],
    ['not', { not: { required: ['z'], properties: { a: NAME } } }, { a: 'x' }, ['x']],
    ['allOf', { allOf: [of({ a: NAME }), of({ b: NAME })] }, { a: 'x', b: 'y' }, ['x', 'y']],
    [
      'anyOf, up to the matching branch',
      { anyOf: [of({ z: { const: 1 }, a: NAME }), of({ b: NAME }), of({ c: NAME })] },
      { z: 2, a: 'x', b: 'y', c: 'no' },
      ['x', 'y'],
    ],
    [
      'anyOf with a branch that accepts everything',
      { anyOf: [{ required: ['z'], ...of({ a: NAME }) }, true] },
      { a: 'x' },
      ['x'],
    ],
    [
      'oneOf',
      {
        oneOf: [
          { required: ['a'], ...of({ a: NAME }) },
          { required: ['b'], ...of({ b: NAME }) },
        ],
      },
      { b: 'y' },
      ['y'],
    ],
    ['items', of({ list: { type: 'array', items: NAME } }), { list: ['x', 'y'] }, ['x', 'y']],
    ['a tuple', of({ list: { items: [{}, NAME] } }), { list: ['no', 'x', 'no'] }, ['x']],
    ['additionalItems', of({ list: { items: [{}], additionalItems: NAME } }), { list: ['no', 'x', 'y'] }, ['x', 'y']],
    [
      'contains, up to the matching item',
      of({ list: { contains: { type: 'string', ...NAME } } }),
      { list: [1, 'x', 'no'] },
      ['x'],
    ],
    [
      'patternProperties',
      { patternProperties: { '^login': NAME } },
      { login1: 'x', login2: 'y', other: 'no' },
      ['x', 'y'],
    ],
    ['patternProperties in RE2 syntax', { patternProperties: { '(?i)^LOGIN': NAME } }, { login1: 'x' }, ['x']],
    ['additionalProperties', { properties: { a: {} }, additionalProperties: NAME }, { a: 'no', b: 'x' }, ['x']],
    ['propertyNames', { propertyNames: NAME }, { x: 1 }, ['x']],
    ['dependencies', { dependencies: { a: of({ b: NAME }) } }, { a: 1, b: 'x' }, ['x']],
    ['dependencies that do not apply', { dependencies: { a: of({ b: NAME }) } }, { b: 'no' }, []],
    [
      'names that JSON pointers escape',
      of({ 'a/b': NAME, 'c~d': NAME, 'e%f': NAME, __proto: NAME }),
      { 'a/b': 'x', 'c~d': 'y', 'e%f': 'z' },
      ['x', 'y', 'z'],
    ],
  ])('%s', async (_, schema, traits, names) => {
    expect((await foundIn(traits, schema)).names ?? []).toEqual(names);
  });

  test.each<[string, object, object]>([
    ['a pointer', { $ref: '#/definitions/name' }, { definitions: { name: NAME } }],
    ['a pointer into $defs', { $ref: '#/$defs/name' }, { $defs: { name: NAME } }],
    ['a pointer with escapes', { $ref: '#/definitions/a~1b%20c' }, { definitions: { 'a/b c': NAME } }],
    [
      'an $id',
      { $ref: 'https://example.org/name.json' },
      { definitions: { name: { $id: 'https://example.org/name.json', ...NAME } } },
    ],
    [
      'an $id relative to the $id of the document',
      { $ref: 'name.json' },
      { $id: 'https://example.org/person.json', definitions: { n: { $id: 'name.json', ...NAME } } },
    ],
    ['an $id of a document without one', { $ref: 'name.json' }, { definitions: { n: { $id: 'name.json', ...NAME } } }],
    ['an $id that is an anchor', { $ref: '#name' }, { definitions: { n: { $id: '#name', ...NAME } } }],
    [
      'a schema inside an $id',
      { $ref: 'name.json#/definitions/n' },
      { definitions: { n: { $id: 'name.json', definitions: { n: NAME } } } },
    ],
  ])('$ref: %s', async (_, reference, more) => {
    expect((await foundIn({ a: 'x' }, of({ a: reference }), more)).names).toEqual(['x']);
    expect(await warningOf(of({ a: reference }), more)).toBe('');
  });

  test('$ref to itself', async () => {
    const node = {
      type: 'object',
      properties: { name: NAME, next: { $ref: '#/definitions/node' }, all: { items: { $ref: '#/definitions/node' } } },
    };
    const traits = { tree: { name: 'a', next: { name: 'b', all: [{ name: 'c', next: { name: 'd' } }] } } };
    const found = await foundIn(traits, of({ tree: { $ref: '#/definitions/node' } }), { definitions: { node } });
    expect(found.names?.sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  test.each<[string, unknown, string[]]>([
    ['an integer', 42, ['42']],
    ['zero', 0, ['0']],
    ['a fraction', 1.5, ['1.5']],
    ['a large integer', 1e21, ['1000000000000000000000']],
    ['digits that a double cannot hold', new ExactNumber('9007199254740993'), ['9007199254740993']],
    ['a boolean', true, []],
    ['null', null, []],
  ])('%s identifies by its digits', async (_, value, names) => {
    expect((await foundIn({ number: value }, of({ number: NAME }))).names ?? []).toEqual(names);
  });

  test('a value of the wrong type is ignored if another branch accepts it', async () => {
    const either = { anyOf: [{ type: 'string', ...NAME }, { type: 'integer' }] };
    expect((await foundIn({ a: 7 }, of({ a: either }))).names).toBeUndefined();
    expect((await foundIn({ a: 'x' }, of({ a: either }))).names).toEqual(['x']);
    expect((await foundIn({ a: 7 }, of({ a: { type: ['integer', 'null'], ...NAME } }))).names).toEqual(['7']);
  });

  test('an invalid address leads to the next branch', async () => {
    const reach = of({ reach: { anyOf: [MAIL, PHONE] } });
    expect((await foundIn({ reach: 'a@example.com' }, reach)).recovery).toEqual(['a@example.com']);
    const schemas = await registryOf({ properties: { traits: reach } });
    expect(schemas.check('s', { reach: '+49 176 67111638' }).recovery).toMatchObject([
      { value: '+4917667111638', via: 'sms' },
    ]);
  });
});

describe('unreachable places are reported at start', () => {
  test.each<[string, object, object, string]>([
    [
      'beside a $ref',
      of({ a: { $ref: '#/definitions/text', ...NAME } }),
      { definitions: { text: { type: 'string' } } },
      'properties.traits.properties.a',
    ],
    [
      'under keywords of later drafts',
      of({ list: { prefixItems: [NAME] } }),
      {},
      'properties.traits.properties.list.prefixItems.0',
    ],
    ['under then without if', { then: of({ a: NAME }) }, {}, 'properties.traits.then.properties.a'],
    ['under a misspelt keyword', { propertys: { a: NAME } }, {}, 'properties.traits.propertys.a'],
  ])('%s', async (_, schema, more, place) => {
    expect(await warningOf(schema, more)).toContain(`s ("ory.sh/kratos" at ${place})`);
    expect((await foundIn({ a: 'x', list: ['x'] }, schema, more)).names).toBeUndefined();
  });

  test('definitions without references, and examples, do not count as such', async () => {
    const schema = { ...of({ a: { default: NAME, examples: [NAME], enum: [NAME, 'x'] } }) };
    expect(await warningOf(schema, { definitions: { unused: NAME } })).toBe('');
  });
});

describe('dialects', () => {
  test.each([
    undefined,
    'http://json-schema.org/draft-07/schema#',
    'http://json-schema.org/draft-07/schema',
    'https://json-schema.org/draft-07/schema#',
    'http://json-schema.org/draft-06/schema#',
    'https://json-schema.org/draft-06/schema',
    'http://json-schema.org/draft-04/schema#',
    'http://json-schema.org/schema#',
  ])('$schema %s is accepted', async ($schema) => {
    expect((await foundIn({ a: 'x' }, of({ a: NAME }), { $schema })).names).toEqual(['x']);
  });

  test.each([
    'https://json-schema.org/draft/2020-12/schema',
    'https://json-schema.org/draft/2019-09/schema',
    'http://json-schema.org/draft-03/schema#',
    'https://example.org/schema',
    7,
  ])('$schema %s is refused, and the error says what to write', async ($schema) => {
    expect(await problemOf(of({ a: NAME }), { $schema })).toEqual([
      expect.stringMatching(/^"\$schema" must be http:\/\/json-schema.org\/draft-07\/schema# /),
    ]);
  });

  test('draft 4: id, and boolean exclusive bounds', async () => {
    const draft4 = {
      $schema: 'http://json-schema.org/draft-04/schema#',
      id: 'https://example.org/p.json',
      definitions: { name: { id: '#name', ...NAME } },
    };
    const schema = of({
      a: { $ref: '#name' },
      age: { type: 'number', minimum: 18, exclusiveMinimum: true, maximum: 30, exclusiveMaximum: false },
    });
    expect((await foundIn({ a: 'x', age: 30 }, schema, draft4)).names).toEqual(['x']);
    await expect(foundIn({ age: 18 }, schema, draft4)).rejects.toThrow(TraitsInvalid);
  });

  test('keywords of later drafts are ignored in earlier ones', async () => {
    const later = { ...of({ a: { const: 'x' } }), if: {}, then: { required: ['z'] } };
    await expect(foundIn({ a: 'y' }, later)).rejects.toThrow(TraitsInvalid);
    await foundIn({ a: 'x' }, of({ a: { const: 'x' } }), { $schema: 'http://json-schema.org/draft-06/schema#' });
    await foundIn({ a: 'y' }, later, { $schema: 'http://json-schema.org/draft-04/schema#' });
    await foundIn({ a: 'x' }, later, { $schema: 'http://json-schema.org/draft-06/schema#' });
  });

  test('a trait may have the name of a keyword', async () => {
    const names = ['id', '$id', '$ref', 'type', 'nullable', 'if', 'enum', 'definitions', 'properties'];
    const traits = Object.fromEntries(names.map((name) => [name, `x-${name}`]));
    const found = await foundIn(
      traits,
      of(Object.fromEntries(names.map((name) => [name, { type: 'string', ...NAME }]))),
    );
    expect(found.names).toHaveLength(names.length);
  });

  test('a keyword that would make the validator asynchronous makes it accept nothing', async () => {
    await expect(foundIn({ a: 1 }, of({ a: { type: 'string' } }), { $async: true })).rejects.toThrow(TraitsInvalid);
  });

  test('references to other documents are reported once, with what to do', async () => {
    const far = { $ref: 'https://example.org/address.json#/definitions/street' };
    expect(await problemOf(of({ a: far, b: { items: far }, c: { $ref: 'file:///etc/person.json' } }))).toEqual([
      expect.stringMatching(
        /^"\$ref" must begin with #.* at properties\.traits\.properties\.a, properties\.traits\.properties\.b\.items, properties\.traits\.properties\.c: .*#\/definitions\/NAME$/,
      ),
    ]);
  });
});

async function problemOf(schema: object, more: object = {}): Promise<string[]> {
  try {
    await registryOf({ type: 'object', ...more, properties: { traits: schema } });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ message }) => message);
    throw error;
  }
}

describe('patterns that RE2 does not support are reported at start', () => {
  test.each([
    ['a look-ahead', '^(?=.*[0-9]).+$', 'invalid or unsupported Perl syntax'],
    ['a look-behind', '(?<!a)b', 'invalid'],
    ['a back-reference', '^(a)\\1$', 'invalid escape sequence'],
    ['a possessive quantifier', 'a++', 'invalid nested repetition operator'],
  ])('%s', async (_, pattern, why) => {
    const places = [
      'properties.traits.properties.a.pattern',
      `properties.traits.patternProperties[${JSON.stringify(pattern)}]`,
    ];
    const problems = await problemOf({ properties: { a: { pattern } }, patternProperties: { [pattern]: {} } });
    expect(problems).toHaveLength(2);
    for (const place of places)
      expect(problems.join('\n')).toContain(`${place} does not follow RE2 syntax, which Kratos uses: ${why}`);
  });
});
