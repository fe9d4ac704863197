/**
 * Details of an event: a closed set of keys. Values are constants of this program or ids from the configuration, never
 * data from a request: no traits, no secrets, nothing that a provider says about a person.
 */
export interface AuditDetail {
  /** how the person signed in */
  readonly method?: 'password' | 'oidc';
  /** id of the social sign-in provider, as configured or connected */
  readonly provider?: string;
  /** id of the veto by which an extension refused */
  readonly veto?: string;
  /** what a new credential, a hand-over or a containment ended, counted by kind */
  readonly ended?: Ended;
}

export interface Ended {
  readonly sessions?: number;
  readonly grants?: number;
  readonly passwords?: number;
  /** connected accounts, suspended until someone keeps them */
  readonly accounts?: number;
  /** recovery addresses, suspended likewise */
  readonly addresses?: number;
  /** credentials that a reset removed */
  readonly removed?: number;
}
