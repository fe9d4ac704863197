const LOOPBACK = /^(127(\.\d{1,3}){3}|\[?::1\]?|localhost)$/i;

/**
 * Whether a listener on `host` can be reached only from its own machine. A subdomain of `localhost` may resolve to
 * anything.
 */
export function bindsToLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
