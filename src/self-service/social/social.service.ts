import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuditService } from '../../audit/index.js';
import { SelfServiceConfig, Urls } from '../../config/index.js';
import { Unavailable } from '../../platform/errors/index.js';
import type { StoredMessage } from '../../platform/flow/index.js';
import { type Caller, type FormFields, isSafeRead, LOGGER } from '../../platform/http/index.js';
import { BeginAttempt } from './hot/begin-attempt.js';
import { ConsumeAttempt } from './hot/consume-attempt.js';
import { AttemptKeys } from './protocol/attempt-keys.js';
import { ProviderTrouble } from './protocol/provider-trouble.js';
import type { SocialProvider } from './protocol/social-provider.js';
import { SocialCookie } from './social.cookie.js';
import { CallbackRefused, ProviderUnknown } from './social.errors.js';
import { sayTrouble } from './social.messages.js';
import { SocialProviders } from './social.providers.js';
import type { SocialArrival, SocialDeparture, SocialTarget } from './social.view.js';
import { upstreamParameters } from './upstream-parameters.js';

/** The round trip to a provider. The forms (login and settings) decide what an account may do here. */
@Injectable()
export class SocialService {
  readonly #base: string;

  constructor(
    private readonly providers: SocialProviders,
    private readonly keys: AttemptKeys,
    private readonly beginAttempt: BeginAttempt,
    private readonly consumeAttempt: ConsumeAttempt,
    private readonly cookie: SocialCookie,
    { methods: { oidc } }: SelfServiceConfig,
    urls: Urls,
    private readonly audit: AuditService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#base = oidc.config.base_redirect_uri ?? urls.public('');
  }

  /** Whether any provider is configured. */
  get offered(): boolean {
    return this.providers.all.length > 0;
  }

  provider(id: string | undefined): SocialProvider | undefined {
    return this.providers.find(id);
  }

  /**
   * Redirects the person to a provider, or resolves to the form's message.
   * @throws ProviderUnknown
   */
  async depart(
    providerId: string,
    target: SocialTarget,
    form: FormFields,
    caller: Caller,
  ): Promise<SocialDeparture | { kind: 'trouble'; message: StoredMessage }> {
    const provider = this.#provider(providerId);
    try {
      const pkce = await provider.usesPkce();
      const { keyId, attempt } = this.keys.begin(this.#callback(provider), pkce);
      const goTo = await provider.authorizationUrl(attempt, upstreamParameters(form));
      const browser = this.cookie.ensure(caller);
      await this.beginAttempt.run({ ...attempt, keyId, browser: browser.secret, provider: provider.id, pkce, target });
      return { kind: 'to_provider', goTo, cookie: browser.line };
    } catch (error) {
      return { kind: 'trouble', message: this.#trouble(provider, error) };
    }
  }

  /**
   * Handles the return. The attempt is used up before any request to the provider, because a code is tried only once.
   * @throws ProviderUnknown, CallbackRefused; Unavailable for a request that no person made
   */
  async arrive(providerId: string, caller: Caller): Promise<SocialArrival> {
    if (isSafeRead(caller)) throw new Unavailable('The sign-in must be finished by a person, not by a prefetch.');
    const provider = this.#provider(providerId);
    const answer = new URL(caller.url, 'http://callback.invalid').searchParams;
    const [state, another] = answer.getAll('state');
    const browser = this.cookie.read(caller);
    if (state === undefined || another !== undefined || browser === undefined) throw this.#refused(provider);
    const consumed = await this.consumeAttempt.run({ state, browser, provider: provider.id });
    const attempt = consumed && this.keys.again(this.#callback(provider), state, consumed);
    if (!consumed || !attempt) throw this.#refused(provider);
    try {
      const account = await provider.account(attempt, answer);
      return { target: consumed.target, account, since: consumed.since };
    } catch (error) {
      if (error instanceof ProviderTrouble && error.suspect) this.#trace(provider);
      return { target: consumed.target, message: this.#trouble(provider, error) };
    }
  }

  /**
   * The callback URL for a provider's answer.
   * @throws ProviderUnknown
   */
  callback(providerId: string, answer: Readonly<Record<string, string>>): string {
    return `${this.#callback(this.#provider(providerId))}?${new URLSearchParams(answer).toString()}`;
  }

  #provider(id: string): SocialProvider {
    const provider = this.providers.find(id);
    if (!provider) throw new ProviderUnknown();
    return provider;
  }

  #callback(provider: SocialProvider): string {
    return `${this.#base}/self-service/methods/oidc/callback/${provider.id}`;
  }

  #refused(provider: SocialProvider): CallbackRefused {
    this.#trace(provider);
    return new CallbackRefused();
  }

  /** An answer that doesn't belong to the request is audited. */
  #trace({ id }: SocialProvider): void {
    this.audit.refused('social.callback', undefined, undefined, { provider: id });
  }

  #trouble(provider: SocialProvider, error: unknown): StoredMessage {
    if (!(error instanceof ProviderTrouble)) throw error;
    const { kind, code, check } = error;
    this.logger.warn({ provider: provider.id, trouble: kind, code, check }, 'social sign-in failed');
    return sayTrouble(error, provider.label);
  }
}
