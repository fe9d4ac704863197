/**
 * Outbound: requests that the server itself makes, to addresses that others may influence.
 *
 * Owns: which addresses a request may go to (checked on connecting), limits on the time and size of an answer.
 * Does not own: what is requested (each module), which origins the configuration trusts (its reader says so).
 */
export { Outbound, type OutboundRequest, type OutboundRules } from './outbound.js';
export { OutboundFailed } from './outbound.errors.js';
