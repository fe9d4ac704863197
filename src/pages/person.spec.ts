import { describe, expect, test } from 'vitest';
import { accountName, firstName } from './person.js';

const person = (traits: Record<string, unknown>, addresses: string[] = []) => ({
  id: 'id-1',
  traits,
  recoveryAddresses: addresses.map((value) => ({ value })),
});

describe('the name of an account', () => {
  test('is its email address, else its user name, else a recovery address, else its id', () => {
    expect(accountName(person({ email: 'ada@example.com', username: 'ada' }))).toBe('ada@example.com');
    expect(accountName(person({ email: ' ', username: 'ada' }, ['r@example.com']))).toBe('ada');
    expect(accountName(person({ email: { nested: true } }, ['r@example.com']))).toBe('r@example.com');
    expect(accountName(person({}))).toBe('id-1');
  });
});

describe('a first name', () => {
  test.each([
    [{ name: { first: 'Ada', last: 'Lovelace' } }, 'Ada'],
    [{ name: 'Ada Lovelace' }, 'Ada Lovelace'],
    [{ first_name: 'Ada' }, 'Ada'],
    [{ name: { first: 7 } }, undefined],
    [{ name: null }, undefined],
    [{}, undefined],
  ])('of %j is %s', (traits, expected) => {
    expect(firstName(person(traits))).toBe(expected);
  });
});
