import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ShownField, shownFields } from './shown-fields.js';
import { traitShape } from './trait-fields.js';
import { traitsFromForm } from './traits-from-form.js';

/** A schema, and an identity's traits under it. */
interface Part {
  readonly schema: object | boolean;
  readonly value: unknown;
}

const plain = fc.oneof(
  fc.string(),
  fc.constantFrom('', '5', 'true', 'on', 'null', '[]', '{"a":1}', 'two\nlines', 'a\r\nb', ' padded ', '1e3', '-0'),
);
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(1e21, 1e-7));
const NAMES: readonly string[] = [
  'email',
  'emails',
  'name',
  'a.b',
  'a',
  'b',
  '0',
  '1',
  'constructor',
  'a\\',
  'ü',
  'x y',
  '[]',
];
const key = fc.constantFrom(...NAMES);
const anything = fc.jsonValue({ maxDepth: 3 }).filter((value) => !JSON.stringify(value).includes('__proto__'));

const leaf: fc.Arbitrary<Part> = fc.oneof(
  plain.map((value) => ({ schema: { type: 'string' }, value })),
  plain.map((value) => ({ schema: { type: 'string', enum: [value, 'other'], format: 'email' }, value })),
  number.map((value) => ({ schema: { type: 'number' }, value })),
  fc.integer().map((value) => ({ schema: { type: 'integer' }, value })),
  fc.boolean().map((value) => ({ schema: { type: 'boolean' }, value })),
  fc.oneof(plain, fc.constant(null)).map((value) => ({ schema: { type: ['string', 'null'] }, value })),
  fc.oneof(plain, number).map((value) => ({ schema: { type: ['string', 'number'] }, value })),
  fc.oneof(plain, number, fc.boolean()).map((value) => ({ schema: { type: ['boolean', 'integer', 'string'] }, value })),
  fc
    .oneof(number, fc.boolean())
    .map((value) => ({ schema: { anyOf: [{ type: 'number' }, { type: 'boolean' }] }, value })),
  fc.oneof(plain, number).map((value) => ({ schema: { const: value }, value })),
  anything.map((value) => ({ schema: {}, value })),
  anything.map((value) => ({ schema: { type: 'object' }, value })),
);

const { object } = fc.letrec<{ part: Part; object: Part; list: Part; branches: Part }>((tie) => ({
  part: fc.oneof({ maxDepth: 3 }, leaf, tie('object'), tie('list'), tie('branches')),
  list: fc.array(tie('part'), { maxLength: 3 }).chain((items) =>
    fc.constantFrom(
      {
        schema: { type: 'array', items: items[0]?.schema ?? {} },
        value: items.slice(0, 1).map(({ value }) => value),
      },
      { schema: { type: 'array', items: items.map(({ schema }) => schema) }, value: items.map(({ value }) => value) },
      { schema: { type: 'array' }, value: items.map(({ value }) => value) },
    ),
  ),
  branches: fc.tuple(tie('object'), tie('object')).map(([a, b]) => ({
    schema: { oneOf: [a.schema, b.schema] },
    value: b.value,
  })),
  object: fc
    .record({
      listed: fc.dictionary(key, tie('part'), { maxKeys: 4, noNullPrototype: true }),
      absent: fc.uniqueArray(key, { maxLength: 2 }),
      required: fc.boolean(),
      others: fc.dictionary(key, anything, { maxKeys: 2, noNullPrototype: true }),
    })
    .map(({ listed, absent, required, others }) => ({
      schema: {
        type: 'object',
        properties: Object.fromEntries(Object.entries(listed).map(([name, { schema }]) => [name, schema])),
        patternProperties: { '^(e|x)': { type: 'string' } },
        additionalProperties: { type: 'number' },
        ...(required ? { required: Object.keys(listed).filter((name) => !absent.includes(name)) } : {}),
      },
      value: {
        ...Object.fromEntries(Object.entries(others).filter(([name]) => !Object.hasOwn(listed, name))),
        ...Object.fromEntries(
          Object.entries(listed).flatMap(([name, { value }]) => (absent.includes(name) ? [] : [[name, value]])),
        ),
      },
    })),
}));

const text = ({ value }: ShownField): string => (value === undefined || value === null ? '' : String(value));

/** How clients send back an untouched form. */
const CLIENTS: Record<string, (fields: readonly ShownField[]) => Record<string, unknown>> = {
  'a browser': (fields) => Object.fromEntries(fields.map((field) => [field.name, text(field)])),
  'a browser, whose inputs have one line': (fields) =>
    Object.fromEntries(fields.map((field) => [field.name, text(field).replaceAll(/[\r\n]/g, '')])),
  'a page that puts a hidden no before each box': (fields) =>
    Object.fromEntries(
      fields.map((field) => [
        field.name,
        field.type === 'checkbox' && typeof field.value === 'boolean'
          ? field.value === true
            ? ['false', 'true']
            : 'false'
          : text(field),
      ]),
    ),
  'a browser, of which unticked boxes and inputs that cannot show a value send nothing of it': (fields) =>
    Object.fromEntries(
      fields.flatMap((field) => {
        if (field.type === 'checkbox' && typeof field.value !== 'boolean') return [];
        if (field.type === 'checkbox') return field.value === true ? [[field.name, 'true']] : [];
        return [[field.name, field.type === 'number' && Number.isNaN(Number(text(field))) ? '' : text(field)]];
      }),
    ),
  'a single page app': (fields) => Object.fromEntries(fields.map(({ name, value }) => [name, value ?? ''])),
  'a native client': (fields) =>
    Object.fromEntries(fields.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
};

describe.each(Object.entries(CLIENTS))('%s that sends a form back unchanged', (_, send) => {
  const unchanged = (schema: object | boolean, traits: Record<string, unknown>): void => {
    const shape = traitShape({ properties: { traits: schema } });
    const form = send(shownFields(shape, traits));
    expect(traitsFromForm(shape, form, traits)).toEqual(traits);
  };

  test('changes nothing', () => {
    fc.assert(
      fc.property(object, ({ schema, value }) => unchanged(schema, value as Record<string, unknown>)),
      { numRuns: 300 },
    );
  });

  test('changes nothing in traits that the schema would refuse', () => {
    const traits = fc.dictionary(key, anything, { maxKeys: 5, noNullPrototype: true });
    fc.assert(
      fc.property(object, traits, ({ schema }, value) => unchanged(withoutNeeds(schema), value)),
      { numRuns: 300 },
    );
  });
});

/** The schema without required properties, because validation would report those. */
function withoutNeeds(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema), (name, value: unknown) =>
    name === 'required' && Array.isArray(value) ? undefined : value,
  ) as object;
}

test('whatever a form contains, values that it neither names nor shows stay', () => {
  const form = fc.dictionary(
    fc.tuple(key, fc.option(key)).map((keys) => ['traits', ...keys.filter((each) => each !== null)].join('.')),
    fc.oneof(plain, fc.array(plain, { maxLength: 2 }), anything),
    { maxKeys: 4 },
  );
  fc.assert(
    fc.property(form, anything, (fields, kept) => {
      const shape = traitShape({ properties: { traits: { properties: { email: { type: 'string' } } } } });
      const traits = traitsFromForm(shape, fields, { kept, email: 'ada@example.com' });
      expect(traits['kept']).toEqual(kept);
      expect({}).not.toHaveProperty('polluted');
    }),
  );
});
