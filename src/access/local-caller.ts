import type { IncomingHttpHeaders } from 'node:http';
import { bindsToLoopback } from '../platform/ip/index.js';

/**
 * Whether a request was made by a program of this machine, and not by a web page that a browser on it shows. Where no token is
 * asked for, nothing else keeps such a page out: its own name can be made to resolve to 127.0.0.1 (DNS rebinding), and a plain
 * form needs no permission to post to a loopback address.
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
