/**
 * More about an event: a closed set of keys. The values are words of this program or ids of the configuration, never what a
 * request brought along: no trait, no secret, nothing of what a provider says about a person.
 */
export interface AuditDetail {
  /** how somebody signed in */
  readonly method?: 'password' | 'oidc';
  /** id of the social sign-in provider, as configured or as connected */
  readonly provider?: string;
  /** what a new credential, a hand-over or a containment ended, and of each how many */
  readonly ended?: Ended;
}

export interface Ended {
  readonly sessions?: number;
  readonly grants?: number;
  readonly passwords?: number;
  /** connected accounts: suspended, until somebody keeps them */
  readonly accounts?: number;
  /** recovery addresses: suspended likewise */
  readonly addresses?: number;
  /** credentials that were to be reset */
  readonly removed?: number;
}
