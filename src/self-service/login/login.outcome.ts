import type { SessionView } from '../../session/index.js';
import type { SocialDeparture } from '../social/social.view.js';
import type { LoginFlow } from './persistence/login-flows.js';

/** Result of requesting a login flow. */
export type LoginStart = { kind: 'started'; flow: LoginFlow } | AlreadyThere;

/** Result of submitting one. */
export type LoginOutcome =
  | LoggedIn
  /** the form again, with the errors */
  | { kind: 'refused'; flow: LoginFlow }
  /** `over` had expired or been completed; `flow` replaces it */
  | { kind: 'replaced'; over: LoginFlow; flow: LoginFlow }
  | SocialDeparture
  | AlreadyThere;

export interface LoggedIn {
  kind: 'logged_in';
  flow: LoginFlow;
  session: SessionView;
  token: string;
  /** `Set-Cookie` line that makes this browser a known one */
  device: string | undefined;
  goTo: string;
}

interface AlreadyThere {
  kind: 'already_logged_in';
  goTo: string;
}
