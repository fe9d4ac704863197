import type { StoredMessage } from '../../platform/flow/index.js';
import type { Account } from './protocol/social-provider.js';

/** The form that an attempt was started from. */
export type SocialTarget =
  | { readonly kind: 'login'; readonly flowId: string }
  /** connecting an account, only in this session */
  | { readonly kind: 'settings'; readonly flowId: string; readonly sessionId: string };

/** Redirect to a provider. */
export interface SocialDeparture {
  readonly kind: 'to_provider';
  readonly goTo: string;
  /** `Set-Cookie` line that binds the attempt to this browser */
  readonly cookie: string;
}

/** Result of an attempt: an account, or a message for the form. */
export type SocialArrival<Target extends SocialTarget = SocialTarget> = {
  readonly target: Target;
} & (
  | {
      readonly account: Account;
      /** when the provider's answer arrived, before it was checked: a time from the database, as text */
      readonly since: string;
    }
  | { readonly message: StoredMessage }
);

export type LoginArrival = SocialArrival<Extract<SocialTarget, { kind: 'login' }>>;
export type SettingsArrival = SocialArrival<Extract<SocialTarget, { kind: 'settings' }>>;
