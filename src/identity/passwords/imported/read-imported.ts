import { readHmac, readMd5, readSaltedDigest, readSsha } from './digest-hash.js';
import type { HashReader, ImportedHash } from './imported-hash.js';
import { readMd5Crypt } from './md5-crypt-hash.js';
import { readPbkdf2 } from './pbkdf2-hash.js';
import { readFirebaseScrypt, readScrypt } from './scrypt-hash.js';
import { readShaCrypt } from './sha-crypt-hash.js';

const READERS: readonly HashReader[] = [
  readPbkdf2,
  readScrypt,
  readFirebaseScrypt,
  readShaCrypt,
  readMd5Crypt,
  readSaltedDigest,
  readMd5,
  readSsha,
  readHmac,
];

/** Reads a hash in the format that Kratos imports; undefined if it is of no such kind. */
export function readImported(text: string): ImportedHash | undefined {
  for (const read of READERS) {
    const hash = read(text);
    if (hash !== undefined) return hash;
  }
  return undefined;
}
