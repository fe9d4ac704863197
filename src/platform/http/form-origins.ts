import { matchesOrigin } from './cors.js';

/** What a page that sends no referrer says of its origin, and so does a sandboxed frame. */
export const HIDDEN_ORIGIN = 'null';

/**
 * Whether a form was posted by a page that may post it: one of ours, or of a configured user interface or return address.
 * Browsers say so in headers that scripts cannot set; clients that are no browsers send neither, and are let through.
 */
export class FormOrigins {
  readonly #exact: ReadonlySet<string>;
  readonly #patterns: readonly string[];

  /** @param origins as configured; one `*` stands for any text, but never for a whole top-level domain */
  constructor(origins: readonly string[]) {
    const known = origins.flatMap((origin) => URL.parse(origin)?.origin ?? []);
    this.#exact = new Set(known);
    this.#patterns = known.filter((origin) => /\*.*\.[^.]+\.[^.]/.test(origin));
  }

  /** Why the form is refused, or undefined. */
  objection(origin: string | undefined, site: string | undefined): string | undefined {
    if (origin === HIDDEN_ORIGIN) {
      // A page of ours that hides its origin is still on ours; what else holds, the form's own proof must show.
      if (site === undefined || site === 'same-origin') return undefined;
      return 'The form came from a page that hides its origin, and the browser says that the page is on another one.';
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
