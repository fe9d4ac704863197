/**
 * Paging: opaque cursors that only we can make.
 *
 * Owns: sealing a position in a list together with the question it was asked with.
 * Does not own: what a position is, page sizes, links (each list has its own).
 */
export { PageTokens, type PagedList } from './page-tokens.js';
