import type { RecoveryFlowView } from './flow/recovery-flow.view.js';

/** A flow and the form token of the browser that asked; empty for native clients. */
export interface ShownFlow {
  kind: 'shown';
  flow: RecoveryFlowView;
  csrfToken: string;
}

/** Whoever is signed in recovers nothing; a browser goes on to `goTo`. */
export interface SignedIn {
  kind: 'signed_in';
  goTo: string;
}

/** What became of a link that was opened or confirmed. */
export type FollowOutcome =
  | { kind: 'confirm'; page: string }
  | { kind: 'redeemed'; settingsFlowId: string; cookies: string[] }
  | { kind: 'refused'; why: 'expired' | 'invalid'; flowId: string; cookie?: string | undefined };

/** What became of a form that was sent. */
export type SubmitOutcome =
  | SignedIn
  /** taken, or a wrong code: the form goes on */
  | { kind: 'taken'; flow: RecoveryFlowView; csrfToken: string }
  /** something is missing or malformed: the form says what */
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
  /** the flow is over, another one was begun */
  | {
      kind: 'over';
      why: 'too_often' | 'used' | 'expired';
      over: RecoveryFlowView;
      flowId: string;
      cookie: string | undefined;
    };
