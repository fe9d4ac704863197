import type { FlowEnd, FlowType, NodeMessages, StoredMessage } from '../../../platform/flow/index.js';

/** A settings flow as stored; nodes and texts are built when it is shown. */
export interface SettingsFlowView extends FlowEnd {
  readonly id: string;
  readonly type: FlowType;
  readonly state: 'show_form' | 'success';
  /** the method that the form shows as used; null: none */
  readonly activeMethod?: string | null;
  readonly identityId: string;
  readonly requestUrl: string;
  readonly returnTo: string | null;
  /** binds a browser flow to its browser; null for native clients */
  readonly csrfDigest: Buffer | null;
  readonly messages: readonly StoredMessage[];
  readonly nodeMessages: Readonly<NodeMessages>;
  /** input of a refused form that its nodes show again; never a password */
  readonly submitted: { readonly traits?: Record<string, unknown> };
  readonly issuedAt: Date;
}

/** What a form shows after a submission that changed nothing else. */
export interface Refusal {
  readonly messages: readonly StoredMessage[];
  readonly nodeMessages: Readonly<NodeMessages>;
  readonly submitted: { readonly traits?: Record<string, unknown> };
}

export interface SettingsFlowRow {
  id: string;
  type: FlowType;
  state: 'show_form' | 'success';
  active_method: string | null;
  identity_id: string;
  request_url: string;
  return_to: string | null;
  csrf_digest: Buffer | null;
  messages: StoredMessage[];
  node_messages: NodeMessages;
  submitted: { traits?: Record<string, unknown> };
  issued_at: Date;
  expires_at: Date;
  expired_seconds: number;
}

export function settingsFlowView(row: SettingsFlowRow): SettingsFlowView {
  return {
    id: row.id,
    type: row.type,
    state: row.state,
    activeMethod: row.active_method,
    identityId: row.identity_id,
    requestUrl: row.request_url,
    returnTo: row.return_to,
    csrfDigest: row.csrf_digest,
    messages: row.messages,
    nodeMessages: row.node_messages,
    submitted: row.submitted,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    over: row.expired_seconds >= 0,
    expiredSeconds: Math.max(0, row.expired_seconds),
  };
}
