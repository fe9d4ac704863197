import {
  inputNode,
  label,
  MessageId,
  renderMessages,
  submitNode,
  csrfNode,
  type UiText,
} from '../platform/ui/index.js';
import type { Urls } from '../config/index.js';
import type { RecoveryFlowView } from './flow/recovery-flow.view.js';
import type { RecoveryFlowBody, RecoveryGrantResponse } from './recovery.dto.js';
import type { GrantView } from './steps/list-grants.js';

/** @param csrfToken the masked form token; empty for native clients */
export function presentRecoveryFlow(flow: RecoveryFlowView, csrfToken: string, urls: Urls): RecoveryFlowBody {
  const method = flow.activeMethod ?? 'link';
  const messages: UiText[] = renderMessages(flow.messages);
  return {
    id: flow.id,
    type: flow.type,
    expires_at: flow.expiresAt.toISOString(),
    issued_at: flow.issuedAt.toISOString(),
    request_url: flow.requestUrl,
    ...(flow.returnTo === null ? {} : { return_to: flow.returnTo }),
    active: flow.activeMethod,
    ui: {
      action: urls.public('/self-service/recovery', { flow: flow.id }),
      method: 'POST',
      nodes: [
        csrfNode(csrfToken),
        inputNode({ group: method, name: 'email', type: 'email', required: true, label: label(MessageId.LabelEmail) }),
        submitNode(method, method, MessageId.LabelContinue),
      ],
      ...(messages.length > 0 ? { messages } : {}),
    },
    state: flow.state,
  };
}

/** Listed, never spread: digests stay private. */
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
