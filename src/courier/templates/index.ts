/** Templates: message texts in every language, as plain text and HTML, and the operator's own versions. */
export { chooseLocale, LOCALES, traitAt, traitSteps, type Locale } from './locale.js';
export { storedLocale, storedMessage } from './stored-message.js';
export {
  isTemplateType,
  secretOf,
  TEMPLATE_TYPES,
  type NoticeData,
  type RenderedMessage,
  type TemplateType,
} from './template-message.js';
export { sampleMessage } from './samples.js';
export { Templates } from './templates.js';
export { WIRE_TEMPLATE_TYPES, wireTemplate } from './wire-type.js';
