import { describe, expect, test } from 'vitest';
import { MessageId, inputNode, label, renderMessage, submitNode } from '../platform/ui/index.js';
import { inMinutes, labelOf, minutesUntil, words } from './words.js';

describe('messages', () => {
  test('a short password gets the minimum length', () => {
    const message = renderMessage({ id: MessageId.PasswordTooShort, context: { min_length: 8, actual_length: 3 } });
    expect(words(message)).toBe('This password is too short. Please use at least 8 characters; you used 3.');
  });

  test('a dead link is explained without revealing which part was wrong', () => {
    expect(words(renderMessage({ id: MessageId.RecoveryTokenInvalid }))).toBe(
      'A recovery link works once and for a limited time. This one may have been used already, or may have expired or been withdrawn.',
    );
  });

  test('a message without our own words keeps its text', () => {
    expect(words({ id: 4_000_001, text: 'as the schema says', type: 'error' })).toBe('as the schema says');
    expect(words({ id: 999, text: 'from a later version', type: 'info' })).toBe('from a later version');
  });

  test('a context without its number falls back to the given text', () => {
    expect(words({ id: MessageId.PasswordTooShort, text: 'too short', type: 'error' })).toBe('too short');
    expect(words({ id: MessageId.TooShort, text: 'length', type: 'error', context: { min_length: 'x' } })).toBe(
      'length',
    );
  });
});

describe('labels', () => {
  test('a button says what it saves', () => {
    expect(labelOf(submitNode('password', 'password'))).toBe('Save new password');
    expect(labelOf(submitNode('profile', 'profile'))).toBe('Save details');
    expect(labelOf(submitNode('other', 'other'))).toBe('Save');
  });

  test('a password to choose has another label than one to enter', () => {
    const field = { group: 'password', name: 'password', type: 'password', label: label(MessageId.LabelPassword) };
    expect(labelOf(inputNode({ ...field, autocomplete: 'new-password' }))).toBe('New password');
    expect(labelOf(inputNode({ ...field, autocomplete: 'current-password' }))).toBe('Password');
  });

  test('a trait has its schema’s title, and a field without a label its name', () => {
    const context = { name: 'traits.city', title: 'Home town' };
    expect(
      labelOf(
        inputNode({ group: 'profile', name: 'traits.city', type: 'text', label: label(MessageId.LabelTrait, context) }),
      ),
    ).toBe('Home town');
    expect(labelOf(inputNode({ group: 'profile', name: 'traits.city', type: 'text' }))).toBe('traits.city');
  });
});

describe('minutes', () => {
  const now = new Date('2030-01-01T12:00:00Z');

  test.each([
    ['2030-01-01T12:14:50Z', 15],
    ['2030-01-01T12:00:10Z', 1],
    ['2030-01-01T11:59:00Z', 1],
  ])('until %s: %i', (instant, minutes) => {
    expect(minutesUntil(new Date(instant), now)).toBe(minutes);
  });

  test.each([
    [1, 'within the next minute'],
    [15, 'within the next 15 minutes'],
    [150, 'within the next 2 hours'],
  ])('%i is %s', (minutes, text) => {
    expect(inMinutes(minutes)).toBe(text);
  });
});
