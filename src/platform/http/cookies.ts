import type { Caller } from './caller.js';

export interface CookieOptions {
  path: string;
  sameSite: 'Lax' | 'Strict' | 'None';
  secure: boolean;
  domain?: string;
  /** seconds; absent: a session cookie */
  maxAge?: number;
}

/** RFC 6265bis limits a cookie's lifetime to 400 days. */
const LONGEST = 400 * 24 * 3600;

export function serializeCookie(name: string, value: string, options: CookieOptions): string {
  const maxAge =
    options.maxAge === undefined ? [] : [`Max-Age=${Math.min(LONGEST, Math.max(0, Math.floor(options.maxAge)))}`];
  const domain = options.domain ? [`Domain=${options.domain}`] : [];
  const secure = options.secure ? ['Secure'] : [];
  return [
    `${name}=${value}`,
    `Path=${options.path}`,
    ...domain,
    ...maxAge,
    'HttpOnly',
    ...secure,
    `SameSite=${options.sameSite}`,
  ].join('; ');
}

/**
 * The name to set a cookie under. Adds `__Host-` where the cookie qualifies, so that no sibling subdomain can plant it.
 * Use the same name for reading.
 */
export function hostName(name: string, { secure, path, domain }: CookieOptions): string {
  return secure && path === '/' && domain === undefined ? `__Host-${name}` : name;
}

/** Deletes a cookie; path and domain must match those it was set with. */
export function expiredCookie(name: string, options: CookieOptions): string {
  return serializeCookie(name, '', { ...options, maxAge: 0 });
}

/** The first cookie with that name (browsers send the most specific path first), or undefined. */
export function readCookie(caller: Caller, name: string): string | undefined {
  const header = caller.headers.cookie;
  if (header === undefined) return undefined;
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || undefined;
  }
  return undefined;
}
