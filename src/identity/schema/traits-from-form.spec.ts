import { describe, expect, test } from 'vitest';
import { ExactNumber } from '../../platform/json/index.js';
import { traitShape } from './trait-fields.js';
import { traitsFromForm } from './traits-from-form.js';

const NAME = {
  type: 'object',
  properties: { first: { type: 'string', title: 'First name' }, last: { type: 'string' } },
};
const SHAPE = traitShape({
  properties: {
    traits: {
      type: 'object',
      required: ['email'],
      properties: {
        email: { type: 'string', format: 'email', title: 'E-Mail' },
        name: NAME,
        age: { type: 'integer', title: 'Age' },
        newsletter: { type: ['boolean', 'null'], title: 'Newsletter' },
        tags: { type: 'array', items: { type: 'string' } },
        address: { type: 'object', required: ['city'], properties: { city: { type: 'string' } } },
      },
    },
  },
});

test('every trait of a simple type is a field, in schema order', () => {
  expect(SHAPE.fields.map(({ name, type, title, required }) => [name, type, title, required])).toEqual([
    ['traits.email', 'email', 'E-Mail', true],
    ['traits.name.first', 'text', 'First name', false],
    ['traits.name.last', 'text', 'traits.name.last', false],
    ['traits.age', 'number', 'Age', false],
    ['traits.newsletter', 'checkbox', 'Newsletter', false],
    ['traits.tags', 'text', 'traits.tags', false],
    ['traits.address.city', 'text', 'traits.address.city', true],
  ]);
  expect(SHAPE.fields.map(({ autocomplete }) => autocomplete)).toEqual([
    'email',
    ...Array<undefined>(6).fill(undefined),
  ]);
});

describe('traitsFromForm', () => {
  test.each([
    ['types follow the schema', { 'traits.age': '36', 'traits.newsletter': 'true' }, { age: 36, newsletter: true }],
    ['an unticked box is false', { 'traits.newsletter': 'false' }, { newsletter: false }],
    ['a ticked box without a value is true', { 'traits.newsletter': 'on' }, { newsletter: true }],
    ['an empty field is absent', { 'traits.email': '', 'traits.name.first': '', 'traits.age': '' }, {}],
    ['nested fields nest', { 'traits.name.first': 'Ada' }, { name: { first: 'Ada' } }],
    ['text that is not a number stays text, to be refused', { 'traits.age': '0x10' }, { age: '0x10' }],
    ['other fields of the form are ignored', { csrf_token: 'x', 'traits.shoe': '42', method: 'profile' }, {}],
    [
      'an object is accepted as it is',
      { traits: { email: 'a@example.com', shoe: 42 } },
      { email: 'a@example.com', shoe: 42, name: {} },
    ],
    ['a field overrides the object', { traits: { age: 1 }, 'traits.age': '2' }, { name: {}, age: 2 }],
    [
      'a value that is not an object is left alone',
      { traits: { name: 'Ada' }, 'traits.name.first': 'Ada' },
      { name: 'Ada' },
    ],
    [
      'an object with required properties is not made up',
      { 'traits.address.city': 'Ulm' },
      { address: { city: 'Ulm' } },
    ],
  ])('%s', (_, form, traits) => {
    expect(traitsFromForm(SHAPE, form, {})).toEqual(traits);
  });

  test("the form's own object is not modified", () => {
    const given = { name: {} };
    traitsFromForm(SHAPE, { traits: given, 'traits.name.first': 'Ada' }, {});
    expect(given).toEqual({ name: {} });
  });

  test.each([['text'], [['a']], [7]])('traits that are not an object are refused: %j', (traits) => {
    expect(() => traitsFromForm(SHAPE, { traits }, {})).toThrow(expect.objectContaining({ status: 400 }));
  });
});

/** A list, an object with free keys, and values that no schema describes. */
const WIDE = traitShape({
  properties: {
    traits: {
      type: 'object',
      required: ['terms', 'mail'],
      properties: {
        username: { type: 'string' },
        emails: { type: 'array', title: 'E-mails', items: { type: 'string', format: 'email' } },
        scores: { type: 'array', items: { type: 'integer' } },
        flags: { type: 'array', items: { type: 'boolean' } },
        homes: {
          type: 'array',
          items: { type: 'object', properties: { city: { type: 'string' }, floor: { type: 'integer' } } },
        },
        terms: { type: 'boolean' },
        mail: { type: 'object', required: ['work'], properties: { work: { type: 'string' } } },
        geo: { type: 'object', properties: { lat: { type: 'number' } } },
        either: { type: ['integer', 'string'] },
      },
      patternProperties: { '^x-': { type: 'integer' } },
    },
  },
});
const STORED = {
  username: 'ada',
  emails: ['a@example.com', 'b@example.com'],
  homes: [{ city: 'Ulm', floor: 2, key: 'k' }, {}, { city: 'Bonn' }],
  terms: true,
  mail: { work: 'w', note: null },
  shoe: { size: 42, tags: ['x'] },
};

const UNTOUCHED = { 'traits.username': 'ada', 'traits.terms': 'true', 'traits.mail.work': 'w' };

describe('a form about stored traits', () => {
  test.each<[string, Record<string, unknown>, object]>([
    ['keeps lists and everything without a field', { 'traits.username': 'bob' }, { username: 'bob' }],
    [
      'has a list in repeated keys',
      { 'traits.emails': ['c@example.com', '', 'd@example.com'] },
      { emails: ['c@example.com', 'd@example.com'] },
    ],
    ['has a list in one key', { 'traits.emails': 'c@example.com' }, { emails: ['c@example.com'] }],
    ['changes nothing about a list with an empty field', { 'traits.emails': '' }, {}],
    [
      'adds to a list whose items have their own fields',
      { 'traits.emails': 'c@example.com', 'traits.emails.0': 'A@example.com', 'traits.emails.1': 'b@example.com' },
      { emails: ['A@example.com', 'b@example.com', 'c@example.com'] },
    ],
    [
      'removes an item whose field is empty or was not sent',
      { 'traits.emails': '', 'traits.emails.0': '' },
      { emails: [] },
    ],
    [
      'takes the field to mean the other item',
      { 'traits.emails.0': '', 'traits.emails.1': 'x@example.com' },
      { emails: ['x@example.com'] },
    ],
    [
      'adds items by new indexes',
      { 'traits.emails.0': 'a', 'traits.emails.1': 'b', 'traits.emails.7': 'c', 'traits.emails.999999': 'd' },
      { emails: ['a', 'b', 'c', 'd'] },
    ],
    [
      'types items',
      { 'traits.scores': ['1', '-2', 'x'], 'traits.flags': ['true', '0'] },
      { scores: [1, -2, 'x'], flags: [true, false] },
    ],
    [
      'changes objects in a list; one without a field stays',
      {
        'traits.homes.0.city': 'Köln',
        'traits.homes.0.floor': '3',
        'traits.homes.0.key': 'k',
        'traits.homes.2.city': '',
      },
      { homes: [{ city: 'Köln', floor: 3, key: 'k' }, {}] },
    ],
    [
      'adds an object to a list',
      {
        ...{ 'traits.homes.0.city': 'Ulm', 'traits.homes.0.floor': '2', 'traits.homes.0.key': 'k' },
        ...{ 'traits.homes.2.city': 'Bonn', 'traits.homes.5.floor': '1', 'traits.homes.5.city': 'Jena' },
      },
      { homes: [...STORED.homes, { floor: 1, city: 'Jena' }] },
    ],
    [
      'reads a list or an object as JSON',
      { 'traits.homes': '[{"city":"Rom"}]', 'traits.geo': '{"lat":1.5}' },
      { homes: [{ city: 'Rom' }], geo: { lat: 1.5 } },
    ],
    [
      'overrides JSON with fields',
      { 'traits.geo.lat': '2', 'traits.geo': '{"lat":1.5,"lon":3}' },
      { geo: { lat: 2, lon: 3 } },
    ],
    ['leaves invalid JSON to the schema', { 'traits.geo': '{"lat":' }, { geo: '{"lat":' }],
    [
      'accepts JSON as it is',
      { 'traits.emails': [], 'traits.geo': { lat: 1 }, 'traits.scores': [7] },
      { emails: [], geo: { lat: 1 }, scores: [7] },
    ],
    [
      'removes values with null',
      { 'traits.emails': null, 'traits.username': null },
      { emails: undefined, username: undefined },
    ],
    [
      'changes values that the schema does not list',
      { 'traits.shoe.size': '43', 'traits.shoe.tags.0': 'y' },
      { shoe: { size: 43, tags: ['y'] } },
    ],
    [
      'has a list that the schema does not list in repeated keys',
      { 'traits.shoe.tags': ['y', 'z'] },
      { shoe: { size: 42, tags: ['y', 'z'] } },
    ],
    [
      'adds to it too',
      { 'traits.shoe.tags.0': 'x', 'traits.shoe.tags': 'y' },
      { shoe: { size: 42, tags: ['x', 'y'] } },
    ],
    ['has fields that a pattern allows', { 'traits.x-age': '7', 'traits.y-age': '7' }, { 'x-age': 7 }],
    ['keeps a number that is sent as text', { 'traits.either': '5' }, { either: '5' }],
    ['does not reach prototypes', { 'traits.__proto__.polluted': '1', 'traits.shoe.__proto__.polluted': '1' }, {}],
  ])('%s', (_, form, changes) => {
    const all: Record<string, unknown> = { ...STORED, ...changes };
    const expected = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    expect(traitsFromForm(WIDE, { ...UNTOUCHED, ...form }, STORED)).toEqual(expected);
  });

  test('removes fields that were not sent, and only those', () => {
    const { username: _, terms: __, ...others } = STORED;
    expect(traitsFromForm(WIDE, { 'traits.mail.note': '' }, STORED)).toEqual({ ...others, mail: { note: null } });
  });

  test('has an empty object where one is required, so that the schema can say what is missing in it', () => {
    expect(traitsFromForm(WIDE, { 'traits.username': 'ada' }, {})).toEqual({ username: 'ada', mail: {} });
    expect(traitsFromForm(WIDE, { traits: { username: 'ada' } }, STORED)).toEqual({
      username: 'ada',
      mail: {},
      geo: {},
    });
  });

  test('is read as JSON if it is a single text', () => {
    expect(traitsFromForm(WIDE, { traits: '{"username":"bob","mail":{}}' }, STORED)).toEqual({
      username: 'bob',
      mail: {},
      geo: {},
    });
  });

  test('changes what it showed, and keeps what has changed meanwhile', () => {
    const shown = { ...STORED, emails: ['new@example.com'], shoe: { size: 1 } };
    const form = { ...UNTOUCHED, 'traits.emails': '', 'traits.emails.0': 'new@example.com' };
    expect(traitsFromForm(WIDE, form, STORED, shown)).toEqual({ ...STORED, emails: ['new@example.com'] });
  });
});

describe('boxes and numbers', () => {
  test('an unticked box in a list sends nothing and stays false', () => {
    const stored = { flags: [true, false, true] };
    const form = { 'traits.flags': '', 'traits.flags.0': 'true' };
    expect(traitsFromForm(WIDE, form, stored)['flags']).toEqual([true, false, false]);
  });

  test.each([
    [['1'], true],
    [['on'], true],
    [['false', 'true'], true],
    [['true', 'false'], true],
    [['false'], false],
    [['0'], false],
    [[''], false],
    [['maybe'], 'maybe'],
    [[true], true],
  ])('a required box, sent as %j, is %j', (given, value) => {
    expect(traitsFromForm(WIDE, { 'traits.terms': given.length > 1 ? given : given[0] }, {})['terms']).toBe(value);
  });

  test.each([
    ['36', 36],
    ['+1e3', 1000],
    ['.5', 0.5],
    ['5.', 5],
    ['-0', -0],
    ['9007199254740992', 9_007_199_254_740_992],
    ['9007199254740993', new ExactNumber('9007199254740993')],
    ['1e400', new ExactNumber('1e400')],
    ['0.1', 0.1],
    ['1.10', 1.1],
    ['0x10', '0x10'],
    ['.', '.'],
    ['007', 7],
    ['Infinity', 'Infinity'],
    [' 5', ' 5'],
    ['', undefined],
  ])('%j as a number is %j', (given, value) => {
    expect(traitsFromForm(SHAPE, { 'traits.age': given }, {})['age']).toStrictEqual(value);
  });

  test.each(['9007199254740993', '9007199254740992', '9.007199254740993e15'])(
    'a number that no double can hold stays when it is sent as %s',
    (given) => {
      const age = new ExactNumber('9007199254740993');
      expect(traitsFromForm(SHAPE, { 'traits.age': given }, { age })).toStrictEqual({ age });
    },
  );

  test('if a text occurs twice, the first one counts', () => {
    expect(traitsFromForm(SHAPE, { 'traits.email': ['a', 'b'] }, {})).toEqual({ email: 'a' });
  });
});
