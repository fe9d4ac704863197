import { Inject, Injectable } from '@nestjs/common';
import {
  type Caller,
  type CookieOptions,
  HTTP_OPTIONS,
  type HttpOptions,
  hostName,
  readCookie,
  serializeCookie,
} from '../../platform/http/index.js';
import { KEY_RING, KeyRing } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import type { LinkParts } from '../flow/link-parts.js';

export interface Confirmation {
  /** part of the form; valid only with the cookie, and only for this link */
  proof: string;
  /** `Set-Cookie` line of the host-only nonce cookie */
  cookie: string;
}

const COOKIE = 'regain_confirmation';
const NONCE = /^[A-Za-z0-9_-]{43}$/;
const LIFETIME = 3600;

/**
 * Proof that a person pressed the button on our own page: a nonce cookie in this browser, and a MAC of nonce and link
 * in the form. Reads nothing about the link, so valid and invalid ones look the same.
 */
@Injectable()
export class LinkConfirmation {
  readonly #options: CookieOptions;
  readonly #name: string;

  constructor(
    @Inject(KEY_RING) private readonly keys: KeyRing,
    private readonly random: Random,
    @Inject(HTTP_OPTIONS) { cookies }: HttpOptions,
  ) {
    this.#options = { path: '/', sameSite: 'Lax', secure: cookies.secure, maxAge: LIFETIME };
    this.#name = hostName(COOKIE, this.#options);
  }

  begin(caller: Caller, link: LinkParts): Confirmation {
    const nonce = this.#nonce(caller) ?? this.random.bytes(32).toString('base64url');
    const { mac } = this.keys.mac('confirm', nonce, link.flow, link.token);
    return { proof: mac.toString('base64url'), cookie: serializeCookie(this.#name, nonce, this.#options) };
  }

  /** The nonce if cookie, proof and fetch metadata show that this browser sent our own form; undefined otherwise. */
  check(caller: Caller, link: LinkParts, proof: unknown): string | undefined {
    const site = caller.headers['sec-fetch-site'];
    const nonce = this.#nonce(caller);
    if (nonce === undefined || typeof proof !== 'string' || (site !== undefined && site !== 'same-origin'))
      return undefined;
    const given = Buffer.from(proof, 'base64url');
    return this.keys.verifies('confirm', given, nonce, link.flow, link.token) ? nonce : undefined;
  }

  #nonce(caller: Caller): string | undefined {
    const cookie = readCookie(caller, this.#name);
    return cookie !== undefined && NONCE.test(cookie) ? cookie : undefined;
  }
}
