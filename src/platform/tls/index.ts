/**
 * TLS: a certificate and its key, read and judged before a listener is given them.
 *
 * Owns: where the two come from, whether they can be used together, what is said when they cannot.
 * Does not own: listeners, when a file is read again, what the configuration calls its keys.
 */
export { isNamed, type KeyPair, type KeyPairSource, readKeyPair, sourceKind, UnusableKeyPair } from './key-pair.js';
