/**
 * Paging: opaque cursors that only we can make.
 *
 * Owns: sealing a position in a list together with the question it was asked with; how pages are asked for and documented.
 * Does not own: what a position is (but for the commonest: a time and an id), a list's address.
 */
export { ApiPage, ApiPageQuery, LINK_HEADER, nextLink } from './api-page.js';
export { numberedPages } from './numbered.js';
export { PageTokenInvalid, readPageSize } from './page.js';
export { PageTokens, type PagedList } from './page-tokens.js';
export { NEWEST, readPosition, type TimePosition, writePosition } from './time-position.js';
