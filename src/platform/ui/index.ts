/**
 * UI: form nodes and messages, the vocabulary of every flow's `ui`.
 *
 * Owns: node builders, message ids and texts. Does not own: which nodes a flow shows (its presenter does).
 */
export { csrfNode, inputNode, submitNode } from './nodes.js';
export { MessageId, renderMessage, renderMessages, label } from './messages.js';
export { quoted } from './notation.js';
export { UiContainer, type UiNode, type InputAttributes, type UiText } from './ui.dto.js';
