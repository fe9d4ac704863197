import type { CookieOptions } from './cookies.js';
import type { ListenerAddresses } from './route-table.js';

export const HTTP_OPTIONS = Symbol('HTTP_OPTIONS');
/** Injection token of the process's pino logger. */
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
  /** the documentation's admin prefix also answers on the public listener */
  readonly singleHost: boolean;
  /** lists refuse query parameters that they do not know */
  readonly strictFilters: boolean;
  /** base URLs where a route of the other listener is answered by the way there (307); absent: such a route is not there */
  readonly redirectTo?: ListenerAddresses | undefined;
  /** bytes that the body of a public request may have */
  readonly publicBodyLimit: number;
  readonly trustedProxies: readonly string[];
  /** origins whose pages may post forms, `*.` for subdomains; undefined: any, as in Kratos */
  readonly formOrigins: readonly string[] | undefined;
  /** seconds that a browser is known in which its owner has signed in; undefined: never */
  readonly browsersKnownFor: number | undefined;
  /** how the CSRF cookie is set */
  readonly cookies: CookieOptions;
}
