/**
 * Paging: opaque cursors that only we can create.
 *
 * Owns: signing a position in a list together with the query it belongs to; parameters of pages and their
 * documentation.
 * Does not own: what a position is (except the most common kind, a time and an id), or a list's URL.
 */
export { ApiPage, ApiPageQuery, LINK_HEADER, nextLink } from './api-page.js';
export { numberedPages } from './numbered.js';
export { pageLink } from './page-link.js';
export { loweredPageSize, pageSizeWithin, PageTokenInvalid, readPageSize } from './page.js';
export { PageTokens, type PagedList } from './page-tokens.js';
export { NEWEST, readPosition, type TimePosition, writePosition } from './time-position.js';
