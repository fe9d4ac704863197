import { AsyncLocalStorage } from 'node:async_hooks';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  Configuration,
  customFetch,
  type CustomFetchOptions,
  discovery,
  enableNonRepudiationChecks,
  type ServerMetadata,
  type TokenEndpointResponse,
} from 'openid-client';
import type { OidcProvider } from '../../../config/index.js';
import type { Clock } from '../../../platform/clock/index.js';
import type { Outbound, OutboundRequest, OutboundRules } from '../../../platform/outbound/index.js';
import { ClientSecret, type SecretWay } from './client-secret.js';
import type { OAuthProtocol, OpenIdProtocol, Preset } from './preset.js';
import { ProviderTrouble } from './provider-trouble.js';
import { Remembered } from './remembered.js';
import { keyTrouble, TokenExchange } from './token-exchange.js';

/** Milliseconds for all requests to a provider in one step of a sign-in. */
const TIME = 4_500;
/** Milliseconds. Discovery stays fresh for an hour; an unreachable provider is retried after ten seconds. */
const TIMES = { fresh: 3_600_000, pause: 10_000 };

/** Milliseconds between two reloads of the keys because of a bad signature. */
const KEYS_PAUSE = 60_000;

type Tokens = ReturnType<typeof authorizationCodeGrant>;

/** One attempt's secrets. A server key derives them from `state`, which only the person's browser has. */
export interface Attempt {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** undefined if the attempt doesn't use PKCE */
  readonly verifier: string | undefined;
}

export interface Account {
  readonly provider: string;
  readonly subject: string;
  readonly tokens: AccountTokens;
}

export interface AccountTokens {
  readonly idToken?: string | undefined;
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
}

interface Parts {
  readonly config: OidcProvider;
  readonly preset: Preset;
  readonly outbound: Pick<Outbound, 'fetch'>;
  readonly rules: Omit<OutboundRules, 'origins'>;
  readonly clock: Clock;
  /** whether PKCE binds codes even if the provider does not announce support */
  readonly alwaysPkce: boolean;
}

/** One configured provider; openid-client does the protocol. */
export class SocialProvider {
  readonly id: string;
  /** name on the button */
  readonly label: string;
  readonly #server: Remembered<Configuration>;
  readonly #secret: ClientSecret;
  readonly #deadline = new AsyncLocalStorage<AbortSignal>();
  readonly #exchange = new AsyncLocalStorage<TokenExchange>();
  #keysAgain = 0;
  readonly #rules: OutboundRules;

  constructor(private readonly parts: Parts) {
    const { config, preset, rules, clock } = parts;
    this.id = config.id;
    this.label = config.label || config.id;
    const named = [config.issuer_url, config.auth_url, config.token_url].map((url) => URL.parse(url ?? '')?.origin);
    this.#rules = { ...rules, origins: named.filter((origin) => origin !== undefined) };
    const { protocol } = preset;
    this.#secret = new ClientSecret(() => preset.clientSecret?.(clock.now()) ?? config.client_secret ?? '');
    this.#server = new Remembered(
      () => (protocol.kind === 'openid' ? this.#discovered(protocol) : Promise.resolve(this.#fixed(protocol))),
      TIMES,
      clock,
    );
  }

  /** The origins that people are redirected to, as far as they are known without a request. */
  origins(): string[] {
    const { protocol } = this.parts.preset;
    const addresses = [
      protocol.authorizationEndpoint ?? this.#server.known?.serverMetadata().authorization_endpoint,
      protocol.kind === 'openid' ? protocol.issuer : undefined,
    ];
    return addresses.map((address) => URL.parse(address ?? '')?.origin).filter((origin) => origin !== undefined);
  }

  /**
   * Requests what `origins` needs, unless it is known.
   * @throws ProviderTrouble
   */
  async warm(): Promise<void> {
    await this.#ready();
  }

  /**
   * Whether an attempt uses PKCE.
   * @throws ProviderTrouble
   */
  async usesPkce(): Promise<boolean> {
    const { config, preset, alwaysPkce } = this.parts;
    if (config.pkce !== 'auto') return config.pkce === 'force';
    if (preset.pkce !== 'auto') return preset.pkce === 'always';
    const { code_challenge_methods_supported: methods } = (await this.#ready()).serverMetadata();
    return alwaysPkce || (methods?.includes('S256') ?? false);
  }

  /**
   * The URL where the person signs in.
   * @param more additional parameters, already filtered
   * @throws ProviderTrouble
   */
  async authorizationUrl(attempt: Attempt, more: Readonly<Record<string, string>>): Promise<string> {
    const { preset, config } = this.parts;
    const server = await this.#ready();
    const scope = preset.scope.join(' ');
    const url = buildAuthorizationUrl(server, {
      ...more,
      ...preset.authorization,
      ...(config.requested_claims ? { claims: JSON.stringify(config.requested_claims) } : {}),
      ...(scope === '' ? {} : { scope }),
      redirect_uri: attempt.redirectUri,
      state: attempt.state,
      ...(preset.protocol.kind === 'openid' ? { nonce: attempt.nonce } : {}),
      ...(attempt.verifier === undefined
        ? {}
        : { code_challenge: await calculatePKCECodeChallenge(attempt.verifier), code_challenge_method: 'S256' }),
    });
    return url.href;
  }

  /**
   * Identifies the account from the provider's answer.
   * @param answer the query of the callback, unchanged
   * @throws ProviderTrouble
   */
  async account(attempt: Attempt, answer: URLSearchParams): Promise<Account> {
    return this.#within(async () => {
      const tokens = await this.#grant(attempt, answer);
      return { provider: this.id, subject: await this.#subject(tokens), tokens: accountTokens(tokens) };
    });
  }

  #subject(tokens: TokenEndpointResponse & { claims(): object | undefined }): Promise<string> {
    return Promise.resolve(
      this.parts.preset.subject({
        claims: { ...tokens.claims() },
        accessToken: tokens.access_token,
        ask: (address, headers) => this.#ask(address, tokens.access_token, headers),
      }),
    );
  }

  async #ask(
    address: string,
    accessToken: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.#fetch(address, {
      headers: {
        accept: 'application/json',
        'user-agent': 'regain',
        ...headers,
        authorization: `Bearer ${accessToken}`,
      },
    });
    const body: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined;
    if (typeof body !== 'object' || body === null) throw ProviderTrouble.unusable('no_user');
    return body as Record<string, unknown>;
  }

  #ready(): Promise<Configuration> {
    return this.#within(() => this.#server.get());
  }

  async #discovered({ issuer, authorizationEndpoint, tokenEndpoint }: OpenIdProtocol): Promise<Configuration> {
    const found = await discovery(new URL(issuer), this.parts.config.client_id, {}, this.#secret.show, {
      [customFetch]: (url, options) => this.#forClient(url, options),
      execute: extensionsOf(issuer),
    });
    if (authorizationEndpoint === undefined && tokenEndpoint === undefined) return found;
    const own = {
      ...withoutHelpers(found.serverMetadata()),
      ...(authorizationEndpoint === undefined ? {} : { authorization_endpoint: authorizationEndpoint }),
      ...(tokenEndpoint === undefined ? {} : { token_endpoint: tokenEndpoint }),
    };
    const server = new Configuration(own, this.parts.config.client_id, {}, this.#secret.show);
    server[customFetch] = (url, options) => this.#forClient(url, options);
    for (const extend of extensionsOf(issuer)) extend(server);
    return server;
  }

  #fixed({ authorizationEndpoint, tokenEndpoint }: OAuthProtocol): Configuration {
    const server = new Configuration(
      {
        issuer: new URL(tokenEndpoint).origin,
        authorization_endpoint: authorizationEndpoint,
        token_endpoint: tokenEndpoint,
      },
      this.parts.config.client_id,
      {},
      this.#secret.show,
    );
    server[customFetch] = async (url, options) => withoutIdToken(await this.#forClient(url, options));
    return server;
  }

  async #grant(attempt: Attempt, answer: URLSearchParams): Tokens {
    const { protocol } = this.parts.preset;
    const server = await this.#server.get();
    if (protocol.kind === 'oauth') return this.#granted(server, attempt, answer);
    const exchange = new TokenExchange();
    return this.#exchange.run(exchange, async () => {
      try {
        return await this.#granted(server, attempt, answer);
      } catch (error) {
        if (!exchange.answered) throw error;
        if (keyTrouble(error) === 'ambiguous') return this.#byAnyKey(protocol, exchange, error, attempt, answer);
        if (keyTrouble(error) !== 'wrong' || !this.#mayAskForKeys()) throw error;
        const fresh = await this.#discovered(protocol);
        const tokens = await this.#granted(fresh, attempt, answer);
        this.#server.replace(fresh);
        return tokens;
      }
    });
  }

  /** The token names no key, and the provider has several: tries each one. */
  async #byAnyKey(
    protocol: OpenIdProtocol,
    exchange: TokenExchange,
    ambiguous: unknown,
    attempt: Attempt,
    answer: URLSearchParams,
  ): Tokens {
    let trouble = ambiguous;
    exchange.showOnly(0);
    for (let nr = 0; nr === 0 || exchange.keyNumbers.includes(nr); nr++) {
      exchange.showOnly(nr);
      try {
        return await this.#granted(await this.#discovered(protocol), attempt, answer);
      } catch (error) {
        if (keyTrouble(error) === undefined) throw error;
        trouble = error;
      }
    }
    throw trouble;
  }

  /** A provider may replace a key under its old name. The limit keeps bad signatures from causing constant reloads. */
  #mayAskForKeys(): boolean {
    const now = this.parts.clock.monotonic();
    if (now < this.#keysAgain) return false;
    this.#keysAgain = now + KEYS_PAUSE;
    return true;
  }

  #granted(server: Configuration, attempt: Attempt, answer: URLSearchParams): Tokens {
    const { protocol } = this.parts.preset;
    return this.#secret.exchange(announcedWay(protocol, server), () =>
      authorizationCodeGrant(server, callbackUrl(attempt, answer), {
        expectedState: attempt.state,
        ...(protocol.kind === 'openid' ? { expectedNonce: attempt.nonce, idTokenExpected: true } : {}),
        ...(attempt.verifier === undefined ? {} : { pkceCodeVerifier: attempt.verifier }),
      }),
    );
  }

  #forClient(address: string, { method, headers, body, signal }: CustomFetchOptions): Promise<Response> {
    const text = body instanceof URLSearchParams || typeof body === 'string' ? body : undefined;
    const ask = (): Promise<Response> => this.#fetch(address, { method, headers, body: text, signal });
    const exchange = this.#exchange.getStore();
    if (exchange === undefined) return ask();
    return method === 'POST' ? exchange.token(ask) : exchange.read(address, ask);
  }

  #fetch(address: string, options: OutboundRequest): Promise<Response> {
    const signals = [options.signal, this.#deadline.getStore()].filter((signal) => signal !== undefined);
    return this.parts.outbound.fetch(address, this.#rules, { ...options, signal: AbortSignal.any(signals) });
  }

  async #within<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#deadline.run(AbortSignal.timeout(TIME), work);
    } catch (error) {
      throw ProviderTrouble.of(error);
    }
  }
}

/** The token comes from the provider over TLS, but checking the signature is cheap and removes any doubt. */
const extensionsOf = (issuer: string): ((server: Configuration) => void)[] => [
  enableNonRepudiationChecks,
  ...(issuer.startsWith('http:') ? [allowInsecureRequests] : []),
];

/** How the provider wants the client's secret; in the header if discovery doesn't say. */
function announcedWay(protocol: Preset['protocol'], server: Configuration): SecretWay {
  if (protocol.kind === 'oauth') return protocol.clientAuthentication;
  const { token_endpoint_auth_methods_supported: methods } = server.serverMetadata();
  return methods === undefined || methods.includes('client_secret_basic') ? 'basic' : 'post';
}

/** The registered redirect URL with the answer's parameters. The host that the browser used doesn't matter. */
function callbackUrl({ redirectUri }: Attempt, answer: URLSearchParams): URL {
  const url = new URL(redirectUri);
  url.search = answer.toString();
  return url;
}

const accountTokens = (tokens: TokenEndpointResponse): AccountTokens => ({
  idToken: tokens.id_token,
  accessToken: tokens.access_token,
  refreshToken: tokens.refresh_token,
});

/** The metadata without the helper functions that openid-client adds. */
function withoutHelpers(metadata: ServerMetadata & object): ServerMetadata {
  const { issuer, ...rest } = metadata;
  return { issuer, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => typeof value !== 'function')) };
}

/** Plain OAuth2 has no ID token, so one in the answer is ignored. Some providers omit the type of the access token. */
async function withoutIdToken(answer: Response): Promise<Response> {
  const body: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined);
  if (typeof body !== 'object' || body === null || !answer.ok) return answer;
  const { id_token: _unread, ...rest } = body as Record<string, unknown>;
  return new Response(JSON.stringify({ token_type: 'bearer', ...rest }), {
    status: answer.status,
    headers: { 'content-type': 'application/json' },
  });
}
