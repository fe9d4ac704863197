/**
 * Spelling: how far apart two names are, and which one was probably meant.
 *
 * Owns: the distance between two spellings. Does not own: the names, or what to do about a misspelled one.
 * May call: nothing.
 */
export { nearestName } from './near-name.js';
export { edits, slips } from './slips.js';
