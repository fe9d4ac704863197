import type { SocialDeparture } from '../social/social.view.js';
import type { IdentityView } from '../../identity/index.js';
import type { SettingsFlowView } from './flow/settings-flow.view.js';

/** What became of submitting a settings flow. */
export type SettingsOutcome =
  | SettingsSaved
  /** the form again, with what was wrong */
  | { kind: 'refused'; flow: SettingsFlowView; identity: IdentityView }
  /** the session is too old for this change; `goTo` is where to sign in again, `cookie` what a form that was kept is taken back with */
  | { kind: 'refresh_required'; flow: SettingsFlowView; goTo: string; cookie?: string }
  | SocialDeparture
  /** `over` had expired; the flow `useFlowId` takes its place */
  | { kind: 'expired'; over: SettingsFlowView; useFlowId: string };

export interface SettingsSaved {
  kind: 'saved';
  flow: SettingsFlowView;
  identity: IdentityView;
  /** of the session, for browsers */
  token: string | undefined;
  /** `Set-Cookie` line by which the browser that set a credential is known again */
  device: string | undefined;
  goTo: string;
}
