import { describe, expect, test } from 'vitest';
import { Random } from '../random/index.js';
import { KeyRing } from './key-ring.js';
import { Seal } from './seal.js';

const sealOf = (...secrets: string[]): Seal => new Seal(new KeyRing(secrets), new Random());
const [OWNER, OTHER] = [
  ['table', 'row-1'],
  ['table', 'row-2'],
];
const seal = sealOf('secret-one');

describe('a sealed secret', () => {
  test('can be decrypted for its owner and is not visible', () => {
    const one = seal.seal(OWNER, 'grüße 482913');
    expect(one.sealed.toString('latin1')).not.toContain('482913');
    expect(seal.open(OWNER, one)).toBe('grüße 482913');
  });

  test('can only be decrypted with the same associated data', () => {
    const one = seal.seal(OWNER, 'a', 'row-1');
    expect(seal.open(OWNER, one, 'row-1')).toBe('a');
    for (const other of [undefined, '', 'row-2']) expect(seal.open(OWNER, one, other)).toBe(undefined);
  });

  test('looks different each time', () => {
    expect(seal.seal(OWNER, 'a').sealed.equals(seal.seal(OWNER, 'a').sealed)).toBe(false);
  });

  test.each([
    ['another row', OTHER],
    ['another table', ['elsewhere', 'row-1']],
    ['names joined differently', ['tablerow', '-1']],
    ['part of a name', ['table']],
  ])('cannot be decrypted for %s', (_, owner) => {
    expect(seal.open(owner, seal.seal(OWNER, 'a'))).toBe(undefined);
  });

  test('can be decrypted as long as its key is configured', () => {
    const one = seal.seal(OWNER, 'a');
    expect(sealOf('secret-two', 'secret-one').open(OWNER, one)).toBe('a');
    expect(sealOf('secret-two').open(OWNER, one)).toBe(undefined);
  });

  test('cannot be decrypted if a bit has changed or any part is missing', () => {
    const { sealed, keyId } = seal.seal(OWNER, '482913');
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed);
      changed[i]! ^= 1;
      expect(seal.open(OWNER, { sealed: changed, keyId }), `byte ${i}`).toBe(undefined);
    }
    for (const length of [0, 12, 27, sealed.length - 1])
      expect(seal.open(OWNER, { sealed: sealed.subarray(0, length), keyId }), `${length} bytes`).toBe(undefined);
  });
});

test('key ids are listed, the encrypting key first', () => {
  const both = sealOf('secret-two', 'secret-one');
  expect(both.keyIds).toEqual([sealOf('secret-two').seal(OWNER, 'a').keyId, seal.seal(OTHER, 'b').keyId]);
});
