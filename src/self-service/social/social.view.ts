import type { StoredMessage } from '../../platform/flow/index.js';
import type { Account } from './protocol/social-provider.js';

/** What an attempt is for: the form that it was begun from. */
export type SocialTarget =
  | { readonly kind: 'login'; readonly flowId: string }
  /** connecting, in this session and no other */
  | { readonly kind: 'settings'; readonly flowId: string; readonly sessionId: string };

/** The person's way to a provider. */
export interface SocialDeparture {
  readonly kind: 'to_provider';
  readonly goTo: string;
  /** binds the attempt to this browser; a `Set-Cookie` line */
  readonly cookie: string;
}

/** What came of an attempt: whose account it is, or what the form has to say. */
export type SocialArrival<Target extends SocialTarget = SocialTarget> = {
  readonly target: Target;
} & (
  | {
      readonly account: Account;
      /** when the provider's answer came, before it was checked: a time of the database, as text */
      readonly since: string;
    }
  | { readonly message: StoredMessage }
);

export type LoginArrival = SocialArrival<Extract<SocialTarget, { kind: 'login' }>>;
export type SettingsArrival = SocialArrival<Extract<SocialTarget, { kind: 'settings' }>>;
