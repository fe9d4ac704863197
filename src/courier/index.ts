/**
 * Courier: messages to people.
 *
 * Owns: the outbox, the templates, delivery, the secrets of messages that are not sent yet.
 * Does not own: whether and to whom a message is due (recovery), the secrets once they are sent.
 * May call: config, audit. Statements in hot/ write a message with `insertMessage` of sql.ts.
 */
export { CourierModule } from './courier.module.js';
export { type Notice, Notices } from './notices.js';
export { Outbox, type DraftMessage } from './outbox.js';
export { CourierPurge } from './courier.purge.js';
export { readClientCertificate } from './delivery/client-certificate.js';
export { DeliveryModule } from './delivery/delivery.module.js';
export { MESSAGE_STILL_WANTED, type MessageStillWanted } from './still-wanted.js';
export {
  chooseLocale,
  isTemplateType,
  LOCALES,
  type Locale,
  sampleMessage,
  secretOf,
  TEMPLATE_TYPES,
  type TemplateType,
  Templates,
  traitAt,
  traitSteps,
} from './templates/index.js';
