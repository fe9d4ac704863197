import type { RecoveryFlowView } from './flow/recovery-flow.view.js';

/** A flow and the form token of the browser that asked; empty for native clients. */
export interface ShownFlow {
  kind: 'shown';
  flow: RecoveryFlowView;
  csrfToken: string;
}

/** What became of a link that was opened or confirmed. */
export type FollowOutcome =
  | { kind: 'confirm'; page: string }
  | { kind: 'redeemed'; settingsFlowId: string; cookies: string[] }
  | { kind: 'refused'; flowId: string; cookie?: string | undefined };
