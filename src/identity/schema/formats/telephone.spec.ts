import { describe, expect, test } from 'vitest';
import { isTelephone } from './telephone.js';

describe('a telephone number', () => {
  test.each([
    '+4930123456789',
    '+49 176 67111638',
    '+49 (176) 671-11 638',
    ' +49 176 67111638 ',
    '+1 202-555-0123',
    '+41446681800',
    '+442083661177',
    '+1.415.555.2671',
    '+1 415 555 2671 ext. 5',
    '＋４９ １７６ ６７１１１６３８',
  ])('%s', (text) => expect(isTelephone(text)).toBe(true));
});

describe('not a telephone number', () => {
  test.each([
    ['too short', '123'],
    ['without a country code', '0176 67111638'],
    ['of an unknown country', '+999 123456789'],
    ['of an unassigned area', '+1 111 111 1111'],
    ['too long for its country', '+49 30 12345678901234567'],
    ['a word', 'call me'],
    ['nothing', ''],
    ['only a sign', '+'],
    ['longer than any number', `+4930123456789${' '.repeat(300)}`],
  ])('%s: %s', (_, text) => expect(isTelephone(text)).toBe(false));
});
