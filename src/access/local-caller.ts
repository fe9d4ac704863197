import type { IncomingHttpHeaders } from 'node:http';
import { bindsToLoopback } from '../platform/ip/index.js';

/**
 * Whether a request comes from a program on this machine rather than from a web page in a browser on it. Where no token
 * is required, nothing else keeps such a page out: its host name can be made to resolve to 127.0.0.1 (DNS rebinding),
 * and a plain form may post to a loopback address without permission.
 */
export function isLocalCaller(headers: IncomingHttpHeaders): boolean {
  const { host, origin, 'sec-fetch-site': site } = headers;
  if (!isLoopbackUrl(`http://${host ?? ''}`)) return false;
  if (origin !== undefined && !isLoopbackUrl(origin)) return false;
  return site !== 'cross-site';
}

function isLoopbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname, username, password, pathname } = new URL(text);
  return bindsToLoopback(hostname) && username === '' && password === '' && pathname === '/';
}
