/** What a CSP source list can hold of an origin; a host may legally contain `;`, which would end the directive. */
const PLAIN_ORIGIN = /^https?:\/\/[a-z0-9._-]+(:\d+)?$/i;

/**
 * The headers of every page. Nothing but our own stylesheet is loaded and no script runs.
 * `form-action` also governs the redirect that answers a form: without the origins a person may come out at, Chromium
 * blocks that redirect after the form has taken effect.
 * @param formTargets addresses or origins; whatever is not http(s) is left out
 */
export function pageHeaders(formTargets: readonly (string | undefined)[] = []): Record<string, string> {
  const origins = formTargets.map(originOf).filter((origin) => origin !== undefined);
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    ["form-action 'self'", ...new Set(origins)].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex, nofollow',
  };
}

function originOf(address: string | undefined): string | undefined {
  const origin = address === undefined ? undefined : URL.parse(address)?.origin;
  return origin !== undefined && PLAIN_ORIGIN.test(origin) ? origin : undefined;
}
