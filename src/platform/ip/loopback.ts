const LOOPBACK = /^(127(\.\d{1,3}){3}|\[?::1\]?|localhost)$/i;

/** Whether a listener on that host is reached from its own machine only. A name below `localhost` may resolve to anything. */
export function bindsToLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
