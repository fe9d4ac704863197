/**
 * Paging: opaque cursors that only we can make.
 *
 * Owns: sealing a position in a list together with the question it was asked with.
 * Does not own: what a position is (but for the commonest: a time and an id), links (each list has its own).
 */
export { PageTokenInvalid, readPageSize } from './page.js';
export { PageTokens, type PagedList } from './page-tokens.js';
export { NEWEST, readPosition, type TimePosition, writePosition } from './time-position.js';
