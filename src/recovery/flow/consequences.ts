import type { Containment } from '../hot/create-grant.js';

/** Credential types that a link or code may remove. */
export const RESETTABLE = ['password', 'oidc', 'totp', 'lookup_secret', 'webauthn'] as const;

/** Additional effects of a link or code: at once, and when a credential is set after its redemption. */
export interface Consequences {
  /** older credentials stop working at once */
  readonly containment?: Containment | undefined;
  /** credential types to remove */
  readonly reset?: readonly string[] | undefined;
}
