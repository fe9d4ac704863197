import { matchesOrigin } from './cors.js';

/** The origin sent by a page that hides its referrer, or by a sandboxed frame. */
export const HIDDEN_ORIGIN = 'null';

/**
 * Decides whether a page may post a form: ours, a configured user interface, or an allowed return address. Browsers
 * name the page in headers that scripts cannot set. Other clients send neither header and are let through.
 */
export class FormOrigins {
  readonly #exact: ReadonlySet<string>;
  readonly #patterns: readonly string[];

  /** @param origins as configured; one `*` matches any text, but never a whole top-level domain */
  constructor(origins: readonly string[]) {
    const known = origins.flatMap((origin) => URL.parse(origin)?.origin ?? []);
    this.#exact = new Set(known);
    this.#patterns = known.filter((origin) => /\*.*\.[^.]+\.[^.]/.test(origin));
  }

  /** The reason to reject the form, or undefined. */
  objection(origin: string | undefined, site: string | undefined): string | undefined {
    if (origin === HIDDEN_ORIGIN) {
      // A same-origin page that hides its origin is still ours; any other proof must come from the form's token.
      if (site === undefined || site === 'same-origin') return undefined;
      return 'The form came from a page that hides its origin, and the browser says that it is on another one.';
    }
    if (origin !== undefined)
      return this.#knows(origin)
        ? undefined
        : 'The HTTP Request Header "Origin" names neither this service nor a configured user interface.';
    if (site === 'cross-site')
      return 'The HTTP Request Header "Sec-Fetch-Site" says that another site sent the form, and no "Origin" says which.';
    return undefined;
  }

  #knows(origin: string): boolean {
    const url = URL.parse(origin);
    if (url === null || url.origin === 'null') return false;
    return this.#exact.has(url.origin) || this.#patterns.some((pattern) => matchesOrigin(pattern, url.origin));
  }
}
