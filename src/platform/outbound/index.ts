/**
 * Outbound: requests that the server makes itself, to addresses that others may have a say in.
 *
 * Owns: which addresses a request may go to (judged when the connection is made), how long and how large an answer may be.
 * Does not own: what is asked (each module), which origins the configuration trusts (its reader says so).
 */
export { Outbound, type OutboundRequest, type OutboundRules } from './outbound.js';
export { OutboundFailed } from './outbound.errors.js';
