import { Inject, Injectable } from '@nestjs/common';
import { SelfServiceConfig, ServeConfig } from '../../config/index.js';
import {
  type Caller,
  type CookieOptions,
  HTTP_OPTIONS,
  type HttpOptions,
  hostName,
  readCookie,
  serializeCookie,
} from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { ATTEMPT_LIFETIME } from './hot/begin-attempt.js';

const NAME = 'ory_kratos_continuity';
const SECRET = /^[0-9A-Za-z]{32}$/;

/** The cookie that ties the round trip to a provider to one browser. */
@Injectable()
export class SocialCookie {
  readonly #options: CookieOptions;
  readonly #name: string;

  constructor(
    private readonly random: Random,
    { methods: { oidc } }: SelfServiceConfig,
    serve: ServeConfig,
    @Inject(HTTP_OPTIONS) http: HttpOptions,
  ) {
    const back = URL.parse(oidc.config.base_redirect_uri ?? serve.public.base_url);
    const hostOnly = back?.hostname === URL.parse(serve.public.base_url)?.hostname;
    const { domain, ...own } = http.cookies;
    // As narrow as possible: it is sent to other hosts of the domain only if the return leads to one.
    this.#options = { ...own, ...(hostOnly || domain === undefined ? {} : { domain }), maxAge: ATTEMPT_LIFETIME };
    this.#name = hostName(NAME, this.#options);
  }

  /** A browser keeps its secret while attempts are in progress, because two tabs may be at two providers. */
  ensure(caller: Caller): { secret: string; line: string } {
    const secret = this.read(caller) ?? this.random.base62(32);
    return { secret, line: serializeCookie(this.#name, secret, this.#options) };
  }

  read(caller: Caller): string | undefined {
    const secret = readCookie(caller, this.#name);
    return secret !== undefined && SECRET.test(secret) ? secret : undefined;
  }
}
