import type { Containment } from '../hot/create-grant.js';

/** Types of credentials that a link or code may take away. */
export const RESETTABLE = ['password', 'oidc', 'totp', 'lookup_secret', 'webauthn'] as const;

/** What a link or code does besides: at once, and when a credential is set after its redemption. */
export interface Consequences {
  /** older credentials open nothing from now on */
  readonly containment?: Containment | undefined;
  /** types of credentials that go */
  readonly reset?: readonly string[] | undefined;
}
