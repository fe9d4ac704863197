import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { BadRequest, DomainError } from '../errors/index.js';
import { digest, sameBytes, type KeyRing } from '../keys/index.js';
import type { Random } from '../random/index.js';
import { readCookie, serializeCookie } from './cookies.js';
import { FormOrigins, HIDDEN_ORIGIN } from './form-origins.js';
import type { HttpOptions } from './http.options.js';
import { wantsJson } from './negotiation.js';

/** Injection token for Csrf. */
export const CSRF = Symbol('CSRF');

const YEAR = 365 * 24 * 3600;
const SEED = /^[A-Za-z0-9_-]{43}$/;
const seeds = new WeakMap<FastifyRequest, string>();

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
  seed(request: FastifyRequest): string | undefined {
    const cookie = readCookie(request, this.cookieName);
    return cookie !== undefined && SEED.test(cookie) ? cookie : seeds.get(request);
  }

  /**
   * Creates a seed for a browser without one and returns its `Set-Cookie` line. Later calls of `seed` for this request
   * return it.
   */
  ensure(request: FastifyRequest): string | undefined {
    if (this.seed(request) !== undefined) return undefined;
    const { seed, cookie } = this.renew();
    seeds.set(request, seed);
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
  bind({ type }: FormOwner, request: FastifyRequest): Buffer | null {
    const seed = type === 'browser' ? this.seed(request) : undefined;
    return seed === undefined ? null : digest(seed);
  }

  /** The token that the flow's form carries: empty for native clients and browsers without a seed. */
  tokenFor({ type }: FormOwner, request: FastifyRequest): string {
    return type === 'browser' ? this.formToken(request) : '';
  }

  /** The `token` for the browser that sent the request; empty if it has no seed. */
  formToken(request: FastifyRequest): string {
    const seed = this.seed(request);
    return seed === undefined ? '' : this.token(seed);
  }

  /** Whether this browser started the flow with this `flowDigest`. */
  began(request: FastifyRequest, flowDigest: Uint8Array | null): boolean {
    const cookie = readCookie(request, this.cookieName);
    return cookie !== undefined && flowDigest !== null && sameBytes(digest(cookie), flowDigest);
  }

  /**
   * For reading a flow.
   * @throws CsrfViolation if another browser started it
   */
  checkBrowser(request: FastifyRequest, flowDigest: Uint8Array | null): void {
    if (!this.began(request, flowDigest)) throw this.#violation(request);
  }

  /** Whether a page of another site posted the form, as far as the browser tells. */
  isForeign(request: FastifyRequest): boolean {
    return this.#objection(request) !== undefined;
  }

  #objection({ headers }: FastifyRequest): string | undefined {
    return this.#origins?.objection(headers.origin, [headers['sec-fetch-site']].flat()[0]);
  }

  /**
   * For every browser form.
   * @throws CsrfViolation if a page of another site posted it
   */
  checkOrigin(request: FastifyRequest): void {
    const objection = this.#objection(request);
    if (objection !== undefined) throw new CsrfViolation(objection, wantsJson(request));
  }

  /**
   * For submitting a flow.
   * @throws CsrfViolation if another site posted it, another browser started it, or the token is missing or wrong
   */
  checkForm(request: FastifyRequest, token: unknown, flowDigest: Uint8Array | null): void {
    this.checkOrigin(request);
    if (!this.began(request, flowDigest) || !this.#proves(request, token)) throw this.#violation(request);
  }

  /**
   * For a form whose flow belongs to a person rather than to one browser.
   * @throws CsrfViolation if another site posted it, or the token is missing or belongs to another browser
   */
  checkToken(request: FastifyRequest, token: unknown): void {
    this.checkOrigin(request);
    if (!this.#proves(request, token)) throw this.#violation(request);
  }

  /**
   * For submitting a flow that is not bound to a browser. If the page hides its origin, the form must at least prove
   * that the page belongs to this browser, because a sandboxed frame of another site hides its origin too.
   * @throws CsrfViolation
   */
  checkUnbound(request: FastifyRequest, token: unknown): void {
    this.checkOrigin(request);
    const hides = this.#origins !== undefined && request.headers.origin === HIDDEN_ORIGIN;
    if (hides && !this.#proves(request, token)) throw this.#violation(request);
  }

  #proves(request: FastifyRequest, token: unknown): boolean {
    const cookie = readCookie(request, this.cookieName);
    if (cookie === undefined) return false;
    const given = Buffer.from(
      typeof token === 'string' ? token : String(request.headers['x-csrf-token'] ?? ''),
      'base64',
    );
    const mac = given.length === 64 ? xor(given.subarray(0, 32), given.subarray(32)) : Buffer.alloc(0);
    return this.keys.verifies('csrf', mac, cookie);
  }

  /**
   * Native flows take no cookies, so a browser cannot be tricked into submitting one.
   * @throws BadRequest
   */
  refuseBrowser(request: FastifyRequest): void {
    if (request.headers.cookie !== undefined) {
      throw new BadRequest(
        'The HTTP Request Header included the "Cookie" key, indicating that this request was made by a Browser. The flow however was initiated as an API request. To prevent potential misuse and mitigate several attack vectors including CSRF, the request has been blocked. Please consult the documentation.',
      );
    }
    if (request.headers.origin !== undefined) {
      throw new BadRequest(
        'The HTTP Request Header included the "Origin" key, indicating that this request was made as part of an AJAX request in a Browser. The flow however was initiated as an API request. To prevent potential misuse and mitigate several attack vectors including CSRF, the request has been blocked. Please consult the documentation.',
      );
    }
  }

  #violation(request: FastifyRequest): CsrfViolation {
    if (request.headers.cookie === undefined)
      return new CsrfViolation('The HTTP Cookie Header is empty or not set.', wantsJson(request));
    if (readCookie(request, this.cookieName) === undefined) {
      return new CsrfViolation(
        'The HTTP Cookie Header was set but did not include the anti-CSRF cookie.',
        wantsJson(request),
      );
    }
    return new CsrfViolation(
      'The HTTP Cookie Header was set and a CSRF token was sent but they do not match. We recommend deleting all cookies for this domain and retrying the flow.',
      wantsJson(request),
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
