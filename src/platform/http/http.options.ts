import type { CookieOptions } from './cookies.js';
import type { ListenerAddresses } from './route-table.js';

export const HTTP_OPTIONS = Symbol('HTTP_OPTIONS');
/** Injection token for the process's pino logger. */
export const LOGGER = Symbol('LOGGER');

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
}

export interface HttpOptions {
  readonly public: ListenerOptions;
  readonly admin: ListenerOptions;
  /** the public base URL, without a trailing slash */
  readonly publicBaseUrl: string;
  /** whether the documentation's admin prefix also works on the public listener */
  readonly singleHost: boolean;
  /** whether lists reject query parameters that they do not know */
  readonly strictFilters: boolean;
  /** base URLs for redirecting (307) requests that belong to the other listener; absent: answer 404 */
  readonly redirectTo?: ListenerAddresses | undefined;
  /** largest body of a public request, in bytes */
  readonly publicBodyLimit: number;
  readonly trustedProxies: readonly string[];
  /** origins whose pages may post forms, `*.` for subdomains; undefined: any, as in Kratos */
  readonly formOrigins: readonly string[] | undefined;
  /** seconds to remember a browser in which its owner has signed in; undefined: never */
  readonly browsersKnownFor: number | undefined;
  /** scopes of extensions, which access tokens may hold besides ours */
  readonly moreScopes?: readonly string[];
  /** attributes of the CSRF cookie */
  readonly cookies: CookieOptions;
}
