/**
 * Spelling: how far two names are apart, and which one was probably meant.
 *
 * Owns: the distance between two spellings. Does not own: the names, nor what follows from a misspelt one.
 * May call: nothing.
 */
export { nearestName } from './near-name.js';
export { slips } from './slips.js';
