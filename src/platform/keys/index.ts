/**
 * Keys: digests of secrets, and keys derived for one purpose each.
 *
 * Owns: SHA-256 digests of random secrets, HMACs of short ones, HKDF derivation, key ids, rotation.
 * Does not own: where the secrets come from (config).
 */
export { digest, sameBytes } from './digest.js';
export { KeyRing, KEY_RING, type KeyPurpose } from './key-ring.js';
