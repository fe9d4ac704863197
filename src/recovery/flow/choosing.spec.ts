import { expect, test } from 'vitest';
import { addressHash, choosingState, maskAddress } from './choosing.js';

test.each([
  ['foo@bar', 'fo****@bar'],
  ['fo@bar', 'fo****@bar'],
  ['f@bar', 'f@bar'],
  ['@bar', '@bar'],
  ['ada.lovelace@example.com', 'ad****@example.com'],
  ['a@b@c', 'a@b@c'],
  ['foobar', 'foo****ar'],
  ['fooba', 'fooba'],
  ['+12345678910', '+12****10'],
])('%s is shown as %s', (address, masked) => {
  expect(maskAddress(address)).toBe(masked);
});

test('a choice is identified by the padded base64 of a SHA-256', () => {
  expect(addressHash('foo@bar')).toBe('62pJHix7ta8EwZxIfA6bhfkzttc0BIY8wJTZYOMytgc=');
});

test.each([
  ['choose_method', 'address', 'recovery_awaiting_address'],
  ['choose_method', 'choice', 'recovery_awaiting_address_choice'],
  ['choose_method', 'confirm', 'recovery_awaiting_address_confirm'],
  ['sent_email', 'choice', 'recovery_awaiting_code'],
  ['passed_challenge', 'address', 'passed_challenge'],
] as const)('%s, at the step %s, is %s', (state, step, shown) => {
  expect(choosingState(state, { step, address: '', choices: [] })).toBe(shown);
});
