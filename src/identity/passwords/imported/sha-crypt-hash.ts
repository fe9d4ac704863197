import { hash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { bitsOf, cryptBase64, repeated } from './crypt-encoding.js';
import { sameBytes } from './encoding.js';
import type { HashReader } from './imported-hash.js';

const SHAPE = /^\$(sha256|sha512)-crypt\$(?:rounds=(\d{1,9})\$)?([^$]{0,16})\$([./0-9A-Za-z]+)$/;
const DEFAULT_ROUNDS = 5_000;
const LEAST_ROUNDS = 1_000;
/** About two seconds. */
const MOST_ROUNDS = 1_000_000;
/** Bytes. Each round hashes the password, so a long password makes a costly hash even costlier. */
const LONGEST_PASSWORD = 512;
/** Rounds between yields to the event loop. */
const SLICE = 2_000;

const GROUPS = {
  sha256: groups([0, 10, 20], 10, ([a, b, c]) => [c + 1, a + 1, b + 1], [31, 30]),
  sha512: groups([0, 21, 42], 21, ([a, b, c]) => [b + 1, c + 1, a + 1], [63]),
};
type Algorithm = keyof typeof GROUPS;

/** `$sha256-crypt$rounds=<rounds>$<salt>$<digest>`, `$sha512-crypt$…`: crypt(3)'s `$5$` and `$6$`. */
export const readShaCrypt: HashReader = (text) => {
  const [, name, given, saltText = '', written = ''] = SHAPE.exec(text) ?? [];
  const algorithm: Algorithm = name === 'sha256' ? 'sha256' : 'sha512';
  if (name === undefined || written.length !== (algorithm === 'sha256' ? 43 : 86)) return undefined;
  const rounds = given === undefined ? DEFAULT_ROUNDS : Number(given);
  if (rounds < LEAST_ROUNDS) return undefined;
  return {
    affordable: rounds <= MOST_ROUNDS,
    verify: async (clear) => {
      const bytes = Buffer.from(clear);
      if (bytes.length > LONGEST_PASSWORD) return false;
      const digest = await shaCrypt(algorithm, bytes, Buffer.from(saltText), rounds);
      return sameBytes(Buffer.from(cryptBase64(digest, GROUPS[algorithm])), Buffer.from(written));
    },
  };
};

async function shaCrypt(algorithm: Algorithm, clear: Buffer, salt: Buffer, rounds: number): Promise<Buffer> {
  const sha = (...parts: Buffer[]): Buffer => hash(algorithm, Buffer.concat(parts), 'buffer');
  const inner = sha(clear, salt, clear);
  const bits = bitsOf(clear.length).map((set) => (set ? inner : clear));
  let digest = sha(clear, salt, repeated(inner, clear.length), ...bits);
  const p = repeated(sha(repeated(clear, clear.length ** 2)), clear.length);
  const s = repeated(sha(repeated(salt, salt.length * (16 + digest[0]!))), salt.length);
  for (let round = 0; round < rounds; round++) {
    const odd = round % 2 === 1;
    const parts = [odd ? p : digest];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    digest = sha(...parts, odd ? digest : p);
    if (round % SLICE === SLICE - 1) await turn();
  }
  return digest;
}

type Triple = readonly [number, number, number];

function groups(
  first: Triple,
  count: number,
  next: (triple: Triple) => Triple,
  last: readonly number[],
): (readonly number[])[] {
  const triples = [first];
  while (triples.length < count) triples.push(next(triples.at(-1)!));
  return [...triples, last];
}
