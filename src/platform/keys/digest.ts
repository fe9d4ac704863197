import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a random secret of at least 128 bits. The database stores this instead of the secret. */
export function digest(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** Compares in constant time; false if the lengths differ. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
