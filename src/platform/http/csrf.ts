import { createHash } from 'node:crypto';
import { BadRequest, DomainError } from '../errors/index.js';
import { digest, sameBytes, type KeyRing } from '../keys/index.js';
import type { Random } from '../random/index.js';
import type { Caller } from './caller.js';
import { readCookie, serializeCookie } from './cookies.js';
import { FormOrigins, HIDDEN_ORIGIN } from './form-origins.js';
import type { HttpOptions } from './http.options.js';
import { wantsJson } from './negotiation.js';

/** Injection token for Csrf. */
export const CSRF = Symbol('CSRF');

const YEAR = 365 * 24 * 3600;
const SEED = /^[A-Za-z0-9_-]{43}$/;
const seeds = new WeakMap<Caller, string>();

/** A flow as far as its form is concerned. */
interface FormOwner {
  readonly type: 'browser' | 'api';
}

/**
 * CSRF protection of browser flows. A cookie holds a random seed, and each form carries a keyed MAC of it, masked anew
 * every time. The flow's row stores a digest of the seed, which binds the flow to the browser that started it.
 */
export class Csrf {
  readonly cookieName: string;
  readonly #origins: FormOrigins | undefined;

  constructor(
    private readonly keys: KeyRing,
    private readonly random: Random,
    private readonly options: Pick<HttpOptions, 'cookies' | 'publicBaseUrl' | 'formOrigins'>,
  ) {
    this.cookieName = `csrf_token_${createHash('sha256').update(options.publicBaseUrl).digest('hex')}`;
    this.#origins = options.formOrigins && new FormOrigins(options.formOrigins);
  }

  /** The browser's seed; undefined if it sent none. */
  seed(caller: Caller): string | undefined {
    const cookie = readCookie(caller, this.cookieName);
    return cookie !== undefined && SEED.test(cookie) ? cookie : seeds.get(caller);
  }

  /**
   * Creates a seed for a browser without one and returns its `Set-Cookie` line. Later calls of `seed` for this request
   * return it.
   */
  ensure(caller: Caller): string | undefined {
    if (this.seed(caller) !== undefined) return undefined;
    const { seed, cookie } = this.renew();
    seeds.set(caller, seed);
    return cookie;
  }

  /** A fresh seed, for a browser whose privileges have just changed. */
  renew(): { seed: string; digest: Buffer; cookie: string } {
    const seed = this.random.bytes(32).toString('base64url');
    return {
      seed,
      digest: digest(seed),
      cookie: serializeCookie(this.cookieName, seed, { ...this.options.cookies, maxAge: YEAR }),
    };
  }

  /** The digest of the seed that a flow's row stores. */
  digestOf(seed: string): Buffer {
    return digest(seed);
  }

  /** The form's token: pad ‖ pad xor MAC, 88 characters of base64. Different each time, as a defense against BREACH. */
  token(seed: string): string {
    const { mac } = this.keys.mac('csrf', seed);
    const pad = this.random.bytes(mac.length);
    return Buffer.concat([pad, xor(pad, mac)]).toString('base64');
  }

  /** What a new flow is bound to: the digest of the browser's seed; null for native clients and browsers without a seed. */
  bind({ type }: FormOwner, caller: Caller): Buffer | null {
    const seed = type === 'browser' ? this.seed(caller) : undefined;
    return seed === undefined ? null : digest(seed);
  }

  /** The token that the flow's form carries: empty for native clients and browsers without a seed. */
  tokenFor({ type }: FormOwner, caller: Caller): string {
    return type === 'browser' ? this.formToken(caller) : '';
  }

  /** The `token` for the browser that sent the request; empty if it has no seed. */
  formToken(caller: Caller): string {
    const seed = this.seed(caller);
    return seed === undefined ? '' : this.token(seed);
  }

  /** Whether this browser started the flow with this `flowDigest`. */
  began(caller: Caller, flowDigest: Uint8Array | null): boolean {
    const cookie = readCookie(caller, this.cookieName);
    return cookie !== undefined && flowDigest !== null && sameBytes(digest(cookie), flowDigest);
  }

  /**
   * For reading a flow.
   * @throws CsrfViolation if another browser started it
   */
  checkBrowser(caller: Caller, flowDigest: Uint8Array | null): void {
    if (!this.began(caller, flowDigest)) throw this.#violation(caller);
  }

  /** Whether a page of another site posted the form, as far as the browser tells. */
  isForeign(caller: Caller): boolean {
    return this.#objection(caller) !== undefined;
  }

  #objection({ headers }: Caller): string | undefined {
    return this.#origins?.objection(headers.origin, [headers['sec-fetch-site']].flat()[0]);
  }

  /**
   * For every browser form.
   * @throws CsrfViolation if a page of another site posted it
   */
  checkOrigin(caller: Caller): void {
    const objection = this.#objection(caller);
    if (objection !== undefined) throw new CsrfViolation(objection, wantsJson(caller));
  }

  /**
   * For submitting a flow.
   * @throws CsrfViolation if another site posted it, another browser started it, or the token is missing or wrong
   */
  checkForm(caller: Caller, token: unknown, flowDigest: Uint8Array | null): void {
    this.checkOrigin(caller);
    if (!this.began(caller, flowDigest) || !this.#proves(caller, token)) throw this.#violation(caller);
  }

  /**
   * For a form whose flow belongs to a person rather than to one browser.
   * @throws CsrfViolation if another site posted it, or the token is missing or belongs to another browser
   */
  checkToken(caller: Caller, token: unknown): void {
    this.checkOrigin(caller);
    if (!this.#proves(caller, token)) throw this.#violation(caller);
  }

  /**
   * For submitting a flow that is not bound to a browser. If the page hides its origin, the form must at least prove
   * that the page belongs to this browser, because a sandboxed frame of another site hides its origin too.
   * @throws CsrfViolation
   */
  checkUnbound(caller: Caller, token: unknown): void {
    this.checkOrigin(caller);
    const hides = this.#origins !== undefined && caller.headers.origin === HIDDEN_ORIGIN;
    if (hides && !this.#proves(caller, token)) throw this.#violation(caller);
  }

  #proves(caller: Caller, token: unknown): boolean {
    const cookie = readCookie(caller, this.cookieName);
    if (cookie === undefined) return false;
    const given = Buffer.from(
      typeof token === 'string' ? token : String(caller.headers['x-csrf-token'] ?? ''),
      'base64',
    );
    const mac = given.length === 64 ? xor(given.subarray(0, 32), given.subarray(32)) : Buffer.alloc(0);
    return this.keys.verifies('csrf', mac, cookie);
  }

  /**
   * Native flows take no cookies, so a browser cannot be tricked into submitting one.
   * @throws BadRequest
   */
  refuseBrowser(caller: Caller): void {
    if (caller.headers.cookie !== undefined) {
      throw new BadRequest(
        'The HTTP Request Header included the "Cookie" key, indicating that this request was made by a Browser. The flow however was initiated as an API request. To prevent potential misuse and mitigate several attack vectors including CSRF, the request has been blocked. Please consult the documentation.',
      );
    }
    if (caller.headers.origin !== undefined) {
      throw new BadRequest(
        'The HTTP Request Header included the "Origin" key, indicating that this request was made as part of an AJAX request in a Browser. The flow however was initiated as an API request. To prevent potential misuse and mitigate several attack vectors including CSRF, the request has been blocked. Please consult the documentation.',
      );
    }
  }

  #violation(caller: Caller): CsrfViolation {
    if (caller.headers.cookie === undefined)
      return new CsrfViolation('The HTTP Cookie Header is empty or not set.', wantsJson(caller));
    if (readCookie(caller, this.cookieName) === undefined) {
      return new CsrfViolation(
        'The HTTP Cookie Header was set but did not include the anti-CSRF cookie.',
        wantsJson(caller),
      );
    }
    return new CsrfViolation(
      'The HTTP Cookie Header was set and a CSRF token was sent but they do not match. We recommend deleting all cookies for this domain and retrying the flow.',
      wantsJson(caller),
    );
  }
}

export class CsrfViolation extends DomainError {
  readonly status = 403;
  override readonly id = 'security_csrf_violation';
  override readonly reason =
    'Please retry the flow and optionally clear your cookies. The request was rejected to protect you from Cross-Site-Request-Forgery (CSRF) which could cause account takeover, leaking personal information, and other serious security issues.';
  override readonly details: Record<string, unknown>;

  constructor(rejectReason: string, ajax: boolean) {
    super('the request was rejected to protect you from Cross-Site-Request-Forgery');
    this.details = {
      docs: 'https://www.ory.com/docs/troubleshooting/csrf',
      hint: ajax
        ? "We detected an AJAX call, please ensure that CORS is enabled and configured correctly, and that your AJAX code sends cookies and has credentials enabled. For further debugging, check your Browser's Network Tab to see what cookies are included or excluded."
        : 'We detected a regular browser or REST Client. Please ensure that the form contains the anti-CSRF token and that cookies are sent along with it.',
      reject_reason: rejectReason,
    };
  }
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ b[i]!));
}
