import { warned } from '../platform/http/index.js';
import type { Urls } from '../config/index.js';
import type { StoredMessage } from '../platform/flow/index.js';
import {
  csrfNode,
  inputNode,
  label,
  MessageId,
  renderMessages,
  submitNode,
  type UiNode,
  type UiText,
} from '../platform/ui/index.js';
import { choosingNodes } from './flow/choosing-nodes.js';
import { choosingState, maskAddress } from './flow/choosing.js';
import { codeNode } from './flow/code-node.js';
import type { RecoveryFlowView } from './flow/recovery-flow.view.js';
import type {
  RecoveryCodeResponse,
  RecoveryFlowBody,
  RecoveryGrantResponse,
  RecoveryLinkResponse,
} from './recovery.dto.js';
import type { Issued } from './recovery.issuing.service.js';
import type { IssuedCode } from './steps/issue-code.js';
import type { IssuedLink } from './steps/issue-link.js';
import type { GrantView } from './steps/list-grants.js';

/** @param csrfToken the masked form token; empty for native clients */
export function presentRecoveryFlow(flow: RecoveryFlowView, csrfToken: string, urls: Urls): RecoveryFlowBody {
  const messages: UiText[] = renderMessages(messagesOf(flow));
  return {
    id: flow.id,
    type: flow.type,
    expires_at: flow.expiresAt.toISOString(),
    issued_at: flow.issuedAt.toISOString(),
    request_url: flow.requestUrl,
    ...(flow.returnTo === null ? {} : { return_to: flow.returnTo }),
    active: flow.active,
    ui: {
      action: urls.public('/self-service/recovery', { flow: flow.id }),
      method: 'POST',
      nodes: nodesOf(flow, csrfToken),
      ...(messages.length > 0 ? { messages } : {}),
    },
    state: flow.choosing ? choosingState(flow.state, flow.choosing) : flow.state,
  };
}

/** A person who chose among addresses is told which one got the code. */
function messagesOf({ messages, choosing, email }: RecoveryFlowView): readonly StoredMessage[] {
  if (!choosing) return messages;
  const masked = { id: MessageId.RecoveryCodeSentTo, context: { masked_address: maskAddress(email ?? '') } };
  return messages.map((message) => (message.id === MessageId.RecoveryCodeSent ? masked : message));
}

/** The form of an administrator's code belongs to no browser until one has entered it. */
function nodesOf(flow: RecoveryFlowView, csrfToken: string): UiNode[] {
  if (flow.choosing) return [csrfNode(csrfToken), ...choosingNodes(flow, flow.choosing)];
  if (flow.method === 'link' || flow.state === 'choose_method') return [csrfNode(csrfToken), ...addressNodes(flow)];
  if (!flow.issuedByAdmin) return [csrfNode(csrfToken), ...codeNodes(flow)];
  const passed = flow.state === 'passed_challenge' && flow.type === 'browser';
  return [...codeNodes(flow), ...(passed ? [csrfNode(csrfToken)] : [])];
}

function addressNodes({ method, state, email, nodeMessages }: RecoveryFlowView): UiNode[] {
  const address = inputNode({
    group: method,
    name: 'email',
    type: 'email',
    ...(state === 'choose_method' || email === null ? {} : { value: email }),
    required: true,
    label: label(MessageId.LabelEmail),
    messages: renderMessages(nodeMessages['email'] ?? []),
  });
  return [address, submitNode(method, method, MessageId.LabelContinue)];
}

function codeNodes(flow: RecoveryFlowView): UiNode[] {
  const { email, issuedByAdmin, nodeMessages } = flow;
  const group = 'code';
  const code = codeNode(flow);
  const go = submitNode(group, 'code', MessageId.LabelContinue);
  if (issuedByAdmin) return [code, go];
  const method = inputNode({ group, name: 'method', type: 'hidden', value: 'code' });
  const resend = inputNode({
    group,
    name: 'email',
    type: 'submit',
    value: email ?? '',
    label: label(MessageId.LabelResendCode),
    messages: renderMessages(nodeMessages['email'] ?? []),
  });
  return [code, method, go, resend];
}

/** Fields are listed, never spread, so that digests stay private. */
export function presentGrant(grant: GrantView): RecoveryGrantResponse {
  return {
    id: grant.id,
    kind: grant.kind,
    state: grant.state,
    identity_id: grant.identityId,
    flow_id: grant.flowId,
    issued_by_type: grant.issuedByType,
    issued_by_id: grant.issuedById,
    created_at: grant.createdAt.toISOString(),
    expires_at: grant.expiresAt.toISOString(),
    used_at: grant.usedAt?.toISOString() ?? null,
    revoked_at: grant.revokedAt?.toISOString() ?? null,
    session_id: grant.sessionId,
  };
}

/** Without the link if the caller must not see it. */
export function presentLink(
  { issued, shown, warnings }: Issued<IssuedLink>,
  about: readonly string[] = [],
): RecoveryLinkResponse {
  const link = shown ? { recovery_link: issued.link } : {};
  return { ...link, ...presentIssued(issued), ...warned([...warnings, ...about]) };
}

/** The page's URL is hidden along with the code, because anyone with the URL may guess the six digits. */
export function presentCode(
  { issued, shown, warnings }: Issued<IssuedCode>,
  about: readonly string[] = [],
): RecoveryCodeResponse {
  const code = shown ? { recovery_link: issued.link, recovery_code: issued.code } : {};
  return { ...code, ...presentIssued(issued), ...warned([...warnings, ...about]) };
}

function presentIssued({ expiresAt, messageId }: { expiresAt: Date; messageId: string | null }) {
  return { expires_at: expiresAt.toISOString(), ...(messageId === null ? {} : { message_id: messageId }) };
}
