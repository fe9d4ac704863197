/**
 * Errors: what every module throws, and the shape that clients see.
 *
 * Owns: DomainError and the wire form of an error. Does not own: HTTP answers (platform/http) or any module's own
 * errors.
 */
export { DomainError, type ErrorBody } from './domain-error.js';
export { codeOf, nameOf } from './names.js';
export { BadRequest, Unauthorized, Forbidden, NotFound, Conflict, Unavailable, MissingRow } from './common-errors.js';
