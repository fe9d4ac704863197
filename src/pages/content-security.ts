/** Origins that a CSP source list can express. A host may legally contain `;`, which would end the directive. */
const PLAIN_ORIGIN = /^https?:\/\/[a-z0-9._-]+(:\d+)?$/i;

/**
 * The headers of every page. They only allow our own stylesheet, and no scripts. `form-action` also applies to the
 * redirect after a form: if the target's origin is missing, Chromium blocks that redirect after the form has taken
 * effect.
 * @param formTargets URLs or origins; anything that is not http(s) is ignored
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
