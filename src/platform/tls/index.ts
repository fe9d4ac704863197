/**
 * TLS: reads and checks a certificate and its key before a listener gets them.
 *
 * Owns: finding the two, whether they fit together, what to say if they do not.
 * Does not own: listeners, when a file is read again, the names of configuration keys.
 */
export { isNamed, type KeyPair, type KeyPairSource, readKeyPair, sourceKind, UnusableKeyPair } from './key-pair.js';
