const LOOPBACK = /^(127(\.\d{1,3}){3}|\[?::1\]?|localhost)$/i;

/**
 * Whether a listener on `host` can be reached only from its own machine, and a request to it comes from there. A subdomain of
 * `localhost` may resolve to anything.
 */
export function bindsToLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Whether a browser that is sent to `host` stays on its own machine: browsers resolve names below `localhost` by themselves. */
export function leadsToLoopback(host: string): boolean {
  return bindsToLoopback(host) || /\.localhost$/i.test(host);
}
