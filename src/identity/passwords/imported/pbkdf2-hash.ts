import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { fromBase64, sameBytes } from './encoding.js';
import { type HashReader, SHORTEST_KEY } from './imported-hash.js';

const derive = promisify(pbkdf2);

const SHAPE = /^\$pbkdf2-(sha\d{1,3})\$i=(\d{1,10}),l=\d{1,10}\$([^$]*)\$([^$]*)$/;

interface Digest {
  readonly name: string;
  readonly bytes: number;
}
const SHA256: Digest = { name: 'sha256', bytes: 32 };

/**
 * Digest names as Kratos reads them: 224 and 384 are SHA-3, the others SHA-1 and SHA-2; an unknown name means SHA-256.
 */
const DIGESTS: ReadonlyMap<string, Digest> = new Map([
  ['sha1', { name: 'sha1', bytes: 20 }],
  ['sha224', { name: 'sha3-224', bytes: 28 }],
  ['sha384', { name: 'sha3-384', bytes: 48 }],
  ['sha512', { name: 'sha512', bytes: 64 }],
]);

/** Iterations times key blocks: about 1.5 seconds. */
const MOST_WORK = 2_000_000;
const LONGEST_KEY = 256;

/** `$pbkdf2-<name>$i=<iterations>,l=<length>$<salt>$<key>`; the length of the key itself counts, not `l`. */
export const readPbkdf2: HashReader = (text) => {
  const [, called = '', iterations, saltText = '', keyText = ''] = SHAPE.exec(text) ?? [];
  const [salt, key] = [fromBase64(saltText), fromBase64(keyText)];
  const rounds = Number(iterations);
  if (!salt || !key || key.length < SHORTEST_KEY || key.length > LONGEST_KEY || !(rounds >= 1)) return undefined;
  const { name, bytes } = DIGESTS.get(called) ?? SHA256;
  const blocks = Math.ceil(key.length / bytes);
  return {
    affordable: rounds * blocks <= MOST_WORK,
    verify: async (clear) => sameBytes(await derive(clear, salt, rounds, key.length, name), key),
  };
};
