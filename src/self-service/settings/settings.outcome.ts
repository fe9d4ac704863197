import type { SocialDeparture } from '../social/social.view.js';
import type { IdentityView } from '../../identity/index.js';
import type { SettingsFlowView } from './flow/settings-flow.view.js';

/** Result of submitting a settings flow. */
export type SettingsOutcome =
  | SettingsSaved
  /** the form again, with the errors */
  | { kind: 'refused'; flow: SettingsFlowView; identity: IdentityView }
  /**
   * the session is too old for this change; `goTo` is where to sign in again, and `cookie` gives access to a kept form
   */
  | { kind: 'refresh_required'; flow: SettingsFlowView; goTo: string; cookie?: string }
  | SocialDeparture
  /** `over` had expired; the flow `useFlowId` replaces it */
  | { kind: 'expired'; over: SettingsFlowView; useFlowId: string };

export interface SettingsSaved {
  kind: 'saved';
  flow: SettingsFlowView;
  identity: IdentityView;
  /** the session's token, for browsers */
  token: string | undefined;
  /** `Set-Cookie` line that makes the browser which set a credential a known one */
  device: string | undefined;
  goTo: string;
}
