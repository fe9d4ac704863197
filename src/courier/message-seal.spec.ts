import { describe, expect, test } from 'vitest';
import { KeyRing, Seal } from '../platform/keys/index.js';
import { Random } from '../platform/random/index.js';
import { MessageSeal } from './message-seal.js';

const ROW = '0d9a6f1c-5a0e-4d59-8d0c-1f6a5f0b9a11';
const OTHER_ROW = '0d9a6f1c-5a0e-4d59-8d0c-1f6a5f0b9a12';
const sealWith = (...cipher: string[]) => new MessageSeal({ default: [], cookie: [], cipher }, new Random());
const seal = sealWith('a-secret-of-the-tests-only-0001');

describe("a message's secret", () => {
  test('can be decrypted for its row', () => {
    const sealed = seal.seal(ROW, '482913');
    expect(sealed.sealed.toString('latin1')).not.toContain('482913');
    expect(seal.open(ROW, sealed)).toBe('482913');
  });

  test('can be decrypted if an earlier version encrypted it, so waiting mail survives an upgrade', () => {
    const text = '000102030405060708090a0b198f1bd94f80f594b1f631eb2e3cf390834a7c1df915';
    expect(seal.open(ROW, { sealed: Buffer.from(text, 'hex'), keyId: '8030959c' })).toBe('482913');
  });

  test('can be decrypted if the previous version encrypted it without associated data', () => {
    const before = new Seal(new KeyRing(['a-secret-of-the-tests-only-0001']), new Random());
    expect(seal.open(ROW, before.seal(['courier_message', ROW], '482913'))).toBe('482913');
  });

  test('looks different each time', () => {
    expect(seal.seal(ROW, '482913').sealed.equals(seal.seal(ROW, '482913').sealed)).toBe(false);
  });

  test('can be decrypted after a rotation, until its key is removed', () => {
    const sealed = seal.seal(ROW, '482913');
    expect(sealWith('a-newer-secret-of-the-tests-01', 'a-secret-of-the-tests-only-0001').open(ROW, sealed)).toBe(
      '482913',
    );
    expect(sealWith('a-newer-secret-of-the-tests-01').open(ROW, sealed)).toBe(undefined);
  });

  test('can be decrypted with the secret used before secrets.cipher was set', () => {
    const [cipher, other] = [['a-cipher-secret-of-the-tests-1'], ['a-secret-of-the-tests-only-0001']];
    const before = new MessageSeal({ default: other, cookie: [], cipher: other }, new Random()).seal(ROW, '482913');
    const now = new MessageSeal({ default: other, cookie: [], cipher }, new Random());
    expect(now.open(ROW, before)).toBe('482913');
    expect(now.seal(ROW, '482913').keyId).not.toBe(before.keyId);
    expect(sealWith(...cipher).open(ROW, now.seal(ROW, '482913'))).toBe('482913');
  });

  test('cannot be decrypted in another row', () => {
    expect(seal.open(OTHER_ROW, seal.seal(ROW, '482913'))).toBe(undefined);
  });

  test('cannot be decrypted if a bit has changed or any part is missing', () => {
    const { sealed, keyId } = seal.seal(ROW, '482913');
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed);
      changed[i]! ^= 1;
      expect(seal.open(ROW, { sealed: changed, keyId }), `byte ${i}`).toBe(undefined);
    }
    for (const length of [0, 12, 27, sealed.length - 1])
      expect(seal.open(ROW, { sealed: sealed.subarray(0, length), keyId }), `${length} bytes`).toBe(undefined);
  });
});
