/**
 * Flow: what login, settings and recovery flows have in common.
 *
 * Owns: flow types, stored messages, request URLs without secrets, the return_to rule, the answers for expired flows.
 * Does not own: any flow's table, states or form.
 */
export { type FlowType, type StoredMessage, type NodeMessages } from './stored-flow.js';
export { queryOf, redactRequestUrl } from './request-url.js';
export { type EndedFlow, expiredMessage, FlowGone, FlowReplaced, type FlowStart, type FlowEnd } from './expired.js';
export { MethodDisabled } from './method-disabled.js';
export { checkReturnTo, ReturnToForbidden, type ReturnToRule } from './return-to.js';
export { isUuid, uuidFault, uuidOf } from './uuid.js';
