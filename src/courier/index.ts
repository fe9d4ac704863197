/**
 * Courier: messages to people.
 *
 * Owns: the outbox, the templates, delivery, the secrets of unsent messages.
 * Does not own: whether a message is due and to whom (recovery), secrets once they are sent.
 * May call: config, audit. Statements in hot/ write messages with `insertMessage` from sql.ts.
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
