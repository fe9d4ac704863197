import type { RecoveryFlowView } from './flow/recovery-flow.view.js';

/** A flow and the form token of the browser that requested it; empty for native clients. */
export interface ShownFlow {
  kind: 'shown';
  flow: RecoveryFlowView;
  csrfToken: string;
}

/** A signed-in person can't recover an account; a browser is redirected to `goTo`. */
export interface SignedIn {
  kind: 'signed_in';
  goTo: string;
}

/** Result of opening or confirming a link. */
export type FollowOutcome =
  | { kind: 'confirm'; page: string }
  | { kind: 'redeemed'; settingsFlowId: string; cookies: string[] }
  | { kind: 'refused'; why: 'expired' | 'invalid'; flowId: string; cookie?: string | undefined };

/** Result of submitting a form. */
export type SubmitOutcome =
  | SignedIn
  /** accepted, or a wrong code: the form continues */
  | { kind: 'taken'; flow: RecoveryFlowView; csrfToken: string }
  /** something is missing or malformed, and the form says what */
  | { kind: 'invalid'; flow: RecoveryFlowView; csrfToken: string }
  | {
      kind: 'recovered';
      flow: RecoveryFlowView;
      csrfToken: string;
      settingsFlowId: string;
      sessionToken: string;
      /** the new CSRF seed; undefined for native clients */
      cookie: string | undefined;
    }
  /** the flow is over, and another one was started */
  | {
      kind: 'over';
      why: 'too_often' | 'used' | 'expired';
      over: RecoveryFlowView;
      flowId: string;
      cookie: string | undefined;
    };
