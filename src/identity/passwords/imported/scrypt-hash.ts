import { createCipheriv, scrypt, type ScryptOptions } from 'node:crypto';
import { fromBase64, sameBytes } from './encoding.js';
import { type HashReader, SHORTEST_KEY } from './imported-hash.js';

const SCRYPT = /^\$scrypt\$ln=(\d{1,10}),r=(\d{1,5}),p=(\d{1,5})\$([^$]*)\$([^$]*)$/;
const FIREBASE = /^\$firescrypt\$ln=(\d{1,2}),r=(\d{1,5}),p=(\d{1,5})\$([^$]*)\$([^$]*)\$([^$]*)\$([^$]*)$/;

/** Bytes of memory: as much as an argon2 hash may take. */
const MOST_MEMORY = 268_435_456;
/** Bytes written in total: about two seconds. */
const MOST_WORK = 1_073_741_824;
const LONGEST_KEY = 256;

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** `$scrypt$ln=<N>,r=<block>,p=<parallel>$<salt>$<key>`: `ln` is N itself, as Kratos writes it. */
export const readScrypt: HashReader = (text) => {
  const [, N, r, p, saltText = '', keyText = ''] = SCRYPT.exec(text) ?? [];
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const [salt, key] = [fromBase64(saltText), fromBase64(keyText)];
  if (!salt || !key || key.length < SHORTEST_KEY || key.length > LONGEST_KEY || !isCost(cost)) return undefined;
  return {
    affordable: isAffordable(cost),
    verify: async (clear) => sameBytes(await derive(clear, salt, key.length, cost), key),
  };
};

/**
 * Firebase's variant: `$firescrypt$ln=<log2 N>,r=<rounds>,p=<parallel>$<salt>$<hash>$<separator>$<signer key>`. The
 * hash is the signer key, encrypted (AES-CTR) with the key that scrypt derives from the password.
 */
export const readFirebaseScrypt: HashReader = (text) => {
  const [, ln, r, p, ...texts] = FIREBASE.exec(text) ?? [];
  const cost = { N: 2 ** Number(ln), r: Number(r), p: Number(p) };
  const [salt, hash, separator, signer] = texts.map(fromBase64);
  if (!salt || !hash || !separator || !signer || hash.length < SHORTEST_KEY || !isCost(cost)) return undefined;
  // Encryption keeps the length of the signer key.
  if (hash.length !== signer.length) return undefined;
  return {
    affordable: isAffordable(cost),
    verify: async (clear) => {
      const key = await derive(clear, Buffer.concat([salt, separator]), 32, cost);
      return sameBytes(createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(signer), hash);
    },
  };
};

function isCost({ N, r, p }: Cost): boolean {
  return N > 1 && Number.isInteger(Math.log2(N)) && r >= 1 && p >= 1;
}

function isAffordable({ N, r, p }: Cost): boolean {
  return 128 * N * r <= MOST_MEMORY && 128 * N * r * p <= MOST_WORK && 128 * r * p <= MOST_MEMORY;
}

function derive(clear: string, salt: Buffer, length: number, cost: Cost): Promise<Buffer> {
  const options: ScryptOptions = { ...cost, maxmem: 3 * MOST_MEMORY };
  return new Promise((done, fail) =>
    scrypt(clear, salt, length, options, (error, key) => (error ? fail(error) : done(key))),
  );
}
