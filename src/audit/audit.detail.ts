/**
 * More about an event: a closed set of keys. The values are words of this program or ids of the configuration, never what a
 * request brought along: no trait, no secret, nothing of what a provider says about a person.
 */
export interface AuditDetail {
  /** how somebody signed in */
  readonly method?: 'password' | 'oidc';
  /** id of the social sign-in provider, as configured or as connected */
  readonly provider?: string;
}
