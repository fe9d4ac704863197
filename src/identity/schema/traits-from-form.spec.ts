import { describe, expect, test } from 'vitest';
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

test('every trait of a plain type is a field, in schema order', () => {
  expect(SHAPE.fields.map(({ name, type, title, required }) => [name, type, title, required])).toEqual([
    ['traits.email', 'email', 'E-Mail', true],
    ['traits.name.first', 'text', 'First name', false],
    ['traits.name.last', 'text', 'traits.name.last', false],
    ['traits.age', 'number', 'Age', false],
    ['traits.newsletter', 'checkbox', 'Newsletter', false],
    ['traits.address.city', 'text', 'traits.address.city', true],
  ]);
  expect(SHAPE.fields.map(({ autocomplete }) => autocomplete)).toEqual([
    'email',
    ...Array<undefined>(5).fill(undefined),
  ]);
});

describe('traitsFromForm', () => {
  test.each([
    [
      'types follow the schema',
      { 'traits.age': '36', 'traits.newsletter': 'true' },
      { name: {}, age: 36, newsletter: true },
    ],
    ['an unticked box is no', { 'traits.newsletter': 'false' }, { name: {}, newsletter: false }],
    ['a ticked box without a value is yes', { 'traits.newsletter': 'on' }, { name: {}, newsletter: true }],
    ['what is empty is absent', { 'traits.email': '', 'traits.name.first': '', 'traits.age': '' }, { name: {} }],
    ['nested fields nest', { 'traits.name.first': 'Ada' }, { name: { first: 'Ada' } }],
    ['what is no number stays text, to be refused', { 'traits.age': '0x10' }, { name: {}, age: '0x10' }],
    ['other fields of the form are none', { csrf_token: 'x', 'traits.shoe': '42', method: 'profile' }, { name: {} }],
    [
      'an object is taken as it is',
      { traits: { email: 'a@example.com', shoe: 42 } },
      { email: 'a@example.com', shoe: 42, name: {} },
    ],
    ['a field is laid over the object', { traits: { age: 1 }, 'traits.age': '2' }, { name: {}, age: 2 }],
    ['what is no object is left alone', { traits: { name: 'Ada' }, 'traits.name.first': 'Ada' }, { name: 'Ada' }],
    [
      'an object that must hold something is not made up',
      { 'traits.address.city': 'Ulm' },
      { name: {}, address: { city: 'Ulm' } },
    ],
  ])('%s', (_, form, traits) => {
    expect(traitsFromForm(SHAPE, form)).toEqual(traits);
  });

  test('the form keeps its own object', () => {
    const given = { name: {} };
    traitsFromForm(SHAPE, { traits: given, 'traits.name.first': 'Ada' });
    expect(given).toEqual({ name: {} });
  });

  test.each([['text'], [['a']], [7]])('traits that are no object are refused: %j', (traits) => {
    expect(() => traitsFromForm(SHAPE, { traits })).toThrow(expect.objectContaining({ status: 400 }));
  });
});
