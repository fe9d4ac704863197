import { createHash } from 'node:crypto';
import { bitsOf, cryptBase64, repeated } from './crypt-encoding.js';
import { sameBytes } from './encoding.js';
import type { HashReader } from './imported-hash.js';

const SHAPE = /^\$md5-crypt\$([^$]{0,8})\$([./0-9A-Za-z]{22})$/;
const GROUPS = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5], [11]];
const ROUNDS = 1_000;

/**
 * `$md5-crypt$<salt>$<digest>`: crypt(3)'s `$1$`. Its thousand rounds no longer slow anyone down, so it counts as fast.
 */
export const readMd5Crypt: HashReader = (text) => {
  const [, saltText, written] = SHAPE.exec(text) ?? [];
  if (saltText === undefined || written === undefined) return undefined;
  const salt = Buffer.from(saltText);
  const digest = Buffer.from(written);
  const digestOf = (clear: string): Buffer => Buffer.from(cryptBase64(md5Crypt(Buffer.from(clear), salt), GROUPS));
  return {
    affordable: true,
    fast: { blank: `$md5-crypt$${saltText}$${'.'.repeat(22)}`, digest, digestOf },
    verify: (clear) => Promise.resolve(sameBytes(digestOf(clear), digest)),
  };
};

function md5Crypt(clear: Buffer, salt: Buffer): Buffer {
  const bits = bitsOf(clear.length).map((set) => (set ? Buffer.alloc(1) : clear.subarray(0, 1)));
  const inner = repeated(md5(clear, salt, clear), clear.length);
  let digest = md5(clear, Buffer.from('$1$'), salt, inner, ...bits);
  for (let round = 0; round < ROUNDS; round++) {
    const odd = round % 2 === 1;
    const parts = [odd ? clear : digest];
    if (round % 3 !== 0) parts.push(salt);
    if (round % 7 !== 0) parts.push(clear);
    digest = md5(...parts, odd ? digest : clear);
  }
  return digest;
}

function md5(...parts: Buffer[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest();
}
