/**
 * Courier: messages to people.
 *
 * Owns: the outbox, the templates, the secrets of messages that are not sent yet.
 * Does not own: whether and to whom a message is due (recovery), the secrets once they are sent.
 * May call: config, audit. Statements in hot/ write a message with `insertMessage` of sql.ts.
 */
export { CourierModule } from './courier.module.js';
export { Outbox, type DraftMessage } from './outbox.js';
export { CourierPurge } from './courier.purge.js';
