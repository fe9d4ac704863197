import { Injectable } from '@nestjs/common';
import { CookiesConfig, RootConfig, ServeConfig, SessionConfig } from '../config/index.js';
import { bindsToLoopback } from '../platform/ip/index.js';
import { type Caller, type CookieOptions, expiredCookie, readCookie, serializeCookie } from '../platform/http/index.js';

/**
 * Whether cookies carry Secure. `cookies.secure` decides if it is set. Otherwise they do, except with `dev` when
 * browsers reach this server by plain http on the local machine: not every browser accepts a Secure cookie from there.
 */
export function cookiesAreSecure(root: RootConfig, serve: ServeConfig, cookies: CookiesConfig): boolean {
  if (cookies.secure !== undefined) return cookies.secure;
  const { protocol, hostname } = new URL(serve.public.base_url);
  return !root.dev && !(protocol === 'http:' && bindsToLoopback(hostname));
}

/** The session cookie: reads, sets and clears it. */
@Injectable()
export class SessionCookie {
  readonly #name: string;
  readonly #options: CookieOptions;

  constructor(session: SessionConfig, cookies: CookiesConfig, serve: ServeConfig, root: RootConfig) {
    const { name, path, domain, same_site, persistent } = session.cookie;
    this.#name = name;
    this.#options = {
      path,
      sameSite: same_site,
      secure: cookiesAreSecure(root, serve, cookies),
      ...(domain === undefined ? {} : { domain }),
      ...(persistent ? { maxAge: session.lifespan.seconds } : {}),
    };
  }

  read(caller: Caller): string | undefined {
    return readCookie(caller, this.#name);
  }

  /** The `Set-Cookie` line for a newly issued token. */
  line(token: string): string {
    return serializeCookie(this.#name, token, this.#options);
  }

  clear(): string {
    return expiredCookie(this.#name, this.#options);
  }
}
