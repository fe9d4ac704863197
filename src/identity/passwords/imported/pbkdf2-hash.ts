import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { fromBase64, sameBytes } from './encoding.js';
import { type HashReader, SHORTEST_KEY } from './imported-hash.js';

const derive = promisify(pbkdf2);

const SHAPE = /^\$pbkdf2-(sha1|sha224|sha256|sha384|sha512)\$i=(\d{1,10}),l=\d{1,5}\$([^$]*)\$([^$]*)$/;
const DIGEST_BYTES: Readonly<Record<string, number>> = { sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 };

/** Iterations times blocks of key: about a second and a half. */
const MOST_WORK = 2_000_000;
const LONGEST_KEY = 256;

/** `$pbkdf2-<digest>$i=<iterations>,l=<length>$<salt>$<key>`; the key's own length counts, not what `l` says. */
export const readPbkdf2: HashReader = (text) => {
  const [, digest = '', iterations, saltText = '', keyText = ''] = SHAPE.exec(text) ?? [];
  const [salt, key] = [fromBase64(saltText), fromBase64(keyText)];
  const rounds = Number(iterations);
  if (!salt || !key || key.length < SHORTEST_KEY || key.length > LONGEST_KEY || !(rounds >= 1)) return undefined;
  const blocks = Math.ceil(key.length / DIGEST_BYTES[digest]!);
  return {
    affordable: rounds * blocks <= MOST_WORK,
    verify: async (clear) => sameBytes(await derive(clear, salt, rounds, key.length, digest), key),
  };
};
