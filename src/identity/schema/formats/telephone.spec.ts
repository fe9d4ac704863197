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

describe('no telephone number', () => {
  test.each([
    ['too short', '123'],
    ['of no country', '0176 67111638'],
    ['of a country that there is not', '+999 123456789'],
    ['an area that nobody has', '+1 111 111 1111'],
    ['too long for its country', '+49 30 12345678901234567'],
    ['a word', 'call me'],
    ['nothing', ''],
    ['a sign alone', '+'],
    ['longer than anything that can be dialled', `+4930123456789${' '.repeat(300)}`],
  ])('%s: %s', (_, text) => expect(isTelephone(text)).toBe(false));
});
