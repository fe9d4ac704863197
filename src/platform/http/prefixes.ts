import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:net';

/**
 * What a route is registered for, and what a request is addressed to.
 * `admin`: guarded routes. `admin-open`: routes of the admin listener that need no token.
 * `single-host`: the documentation's admin prefix, used on the public listener.
 */
export type ListenerAudience = 'public' | 'admin' | 'admin-open' | 'single-host';

const PUBLIC_PREFIX = '/api/kratos/public/';
const ADMIN_PREFIXES = ['/api/kratos/admin/admin/', '/api/kratos/admin/'];

const viaPrefix = new WeakSet<IncomingMessage>();
const adminServers = new WeakSet<Server>();

/** Marks the server whose connections belong to the admin listener. */
export function markAdminServer(server: Server): void {
  adminServers.add(server);
}

export function audienceOfRequest(request: IncomingMessage): ListenerAudience {
  if (adminServers.has((request.socket as unknown as { server: Server }).server)) return 'admin';
  return viaPrefix.has(request) ? 'single-host' : 'public';
}

/**
 * Strips the documentation's prefix once, from the raw, undecoded path. Only the exact prefix matches; anything else
 * ends in a 404.
 */
export function stripPrefix(request: IncomingMessage, singleHost: boolean): string {
  const url = request.url ?? '/';
  const onAdmin = audienceOfRequest(request) === 'admin';
  if (!onAdmin && url.startsWith(PUBLIC_PREFIX)) return url.slice(PUBLIC_PREFIX.length - 1);
  if (!onAdmin && !singleHost) return url;
  const prefix = ADMIN_PREFIXES.find((candidate) => url.startsWith(candidate));
  if (prefix === undefined) return url;
  if (!onAdmin) viaPrefix.add(request);
  return `/admin/${url.slice(prefix.length)}`;
}

/** True for a request on the public listener that is not addressed to the admin API. */
export const isPublic = (request: IncomingMessage): boolean => audienceOfRequest(request) === 'public';
