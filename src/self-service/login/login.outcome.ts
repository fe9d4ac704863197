import type { SessionView } from '../../session/index.js';
import type { SocialDeparture } from '../social/social.view.js';
import type { LoginFlow } from './persistence/login-flows.js';

/** What became of asking for a login flow. */
export type LoginStart = { kind: 'started'; flow: LoginFlow } | AlreadyThere;

/** What became of submitting one. */
export type LoginOutcome =
  | LoggedIn
  /** the form again, with what was wrong */
  | { kind: 'refused'; flow: LoginFlow }
  /** `over` had expired or been completed; `flow` takes its place */
  | { kind: 'replaced'; over: LoginFlow; flow: LoginFlow }
  | SocialDeparture
  | AlreadyThere;

export interface LoggedIn {
  kind: 'logged_in';
  flow: LoginFlow;
  session: SessionView;
  token: string;
  /** `Set-Cookie` line by which this browser is known again */
  device: string | undefined;
  goTo: string;
}

interface AlreadyThere {
  kind: 'already_logged_in';
  goTo: string;
}
