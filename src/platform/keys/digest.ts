import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a random secret of at least 128 bits: what the database keeps instead of it. */
export function digest(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** Compares in constant time; bytes of different length are different. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
