/**
 * Keys: digests of secrets, keys derived for one purpose each, and encryption with them.
 *
 * Owns: SHA-256 digests of random secrets, HMACs of short ones, HKDF derivation, key ids, rotation, encryption of small
 * secrets.
 * Does not own: where the secrets come from (config).
 */
export { digest, sameBytes } from './digest.js';
export { KeyRing, KEY_RING } from './key-ring.js';
export { Seal, type Sealed } from './seal.js';
