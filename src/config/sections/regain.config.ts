import { isCron } from '../../platform/cron/index.js';
import { Duration } from '../../platform/duration/index.js';
import { Flag, type Hidden, Matching, MemorySize, OneOf, Section, Span, Text, Texts, Whole } from '../keys.js';
import { RateLimitsConfig } from './rate-limits.config.js';

class RegainServe {
  /** serve token-protected admin routes on the public listener too, under the documented admin prefix */
  @Flag() readonly single_host: boolean = false;
  /** networks (CIDR) or addresses whose X-Forwarded-For is trusted */
  @Texts() readonly trusted_proxies: string[] = [];
  /** accept forms only from our own and configured pages, if the browser says where they come from */
  @Flag() readonly check_origin: boolean = true;
  /** redirect (307) to the other listener for its routes, instead of 404 */
  @Flag() readonly redirect_between_listeners: boolean = false;
  /** KiB; largest body of a public request, with 16 fields or values per KiB */
  @MemorySize(16, 1_024) readonly public_body_limit: number = 64;
}

class RegainAdmin {
  @OneOf('pat', 'none') readonly authentication: 'pat' | 'none' = 'pat';
  /** if a configuration key prevents an action, the reason names the key */
  @Flag() readonly name_keys: boolean = true;
  /** `near`: refuse misspelt fields of a body, list other unknown ones in `warnings` */
  @OneOf('near', 'none') readonly strict_fields: 'near' | 'none' = 'near';
  /** lists refuse unknown query parameters */
  @Flag() readonly strict_filters: boolean = true;
  /** KiB of identities: a page of a list that has more ends early, and its `next` link goes on there. */
  @MemorySize(64, 262_144) readonly page_limit: number = 4_096;
}

/** What administrators may choose when mailing a link or code. */
class RegainDelivery {
  /** names of templates, in addition to the default ones */
  @Texts() readonly templates: string[] = [];
  /** allowed reply addresses */
  @Texts() readonly reply_to: string[] = [];
}

class RegainHandOver {
  /** shortest time a hand-over stays open */
  @Span() readonly min: Duration = Duration.parse('10m');
  /** longest time a hand-over stays open */
  @Span() readonly max: Duration = Duration.parse('1h');
}

class RegainRecovery {
  /** after a redemption, no older credential opens the account; a new one ends all older ones */
  @Flag() readonly hand_over: boolean = true;
  /** a hand-over stays open while the recovery session is privileged, within these limits */
  @Section(() => RegainHandOver) readonly hand_over_limits: RegainHandOver = new RegainHandOver();
  /** after a hand-over without a new credential, how long credentials and addresses can't be changed */
  @Span() readonly after_abandoned: Duration = Duration.parse('24h');
  /** `get`: opening a link uses it up, even for mail scanners */
  @OneOf('confirm', 'get') readonly redeem_on: 'confirm' | 'get' = 'confirm';
  /** null (`none` in the file): no limit */
  @Span({ none: true }) readonly max_expires_in: Duration | null = Duration.parse('72h');
  /** used, expired and unknown links get the same answer */
  @Flag() readonly uniform_failures: boolean = true;
  /** a redemption or a new credential revokes the identity's other links and codes */
  @Flag() readonly invalidate_siblings: boolean = true;
  /** a redemption ends the browser's previous session */
  @Flag() readonly end_previous_session: boolean = true;
  /** a redemption ends all other sessions of the identity */
  @Flag() readonly revoke_sessions: boolean = true;
  /** identities with a second factor, which Regain can't check: refuse, or ignore the factor */
  @OneOf('refuse', 'ignore') readonly second_factor: 'refuse' | 'ignore' = 'refuse';
  /**
   * How long an address set by a token without `credentials:write` gets no link or code; replaced addresses work until then.
   * A token that may only deliver sends nothing to any address that was set or changed more recently. 0s: no such rule.
   */
  @Span({ zero: true }) readonly address_min_age: Duration = Duration.parse('24h');
  @Section(() => RegainDelivery) readonly delivery: RegainDelivery = new RegainDelivery();
}

class RegainLogin {
  /** how long Regain remembers browsers and networks that a person signed in from; null (`none` in the file): not at all */
  @Span({ none: true }) readonly known_for: Duration | null = Duration.parse('2160h');
}

class RegainSettings {
  /** a second change to an identity while one is being saved gets 429 */
  @Flag() readonly one_at_a_time: boolean = true;
}

class RegainPurge {
  @Matching(isCron, 'must be a cron expression of five fields, or six with leading seconds')
  readonly schedule: string = '*/5 * * * *';
  /** how long expired rows stay, so that people read "expired" rather than "unknown" */
  @Span() readonly keep: Duration = Duration.parse('720h');
}

class RegainBrand {
  @Text() readonly name: string = 'Regain';
}

class RegainUi {
  @Flag() readonly enabled: boolean = true;
  /** whom people can ask for help: a sentence, an address or a URL */
  @Text() readonly support?: string;
  @Section(() => RegainBrand) readonly brand: RegainBrand = new RegainBrand();
}

class RegainCourier {
  /** the admin API shows links and codes of unsent messages */
  @Flag() readonly show_unsent_secrets: boolean = false;
  /** notify people of recoveries, new credentials and new addresses, at all their previous addresses */
  @Flag() readonly notices: boolean = true;
  /** messages that one process sends at the same time; slow ones give up their place */
  @Whole(1, 100) readonly concurrency: number = 10;
  /** time limit for sending one message */
  @Span() readonly send_timeout: Duration = Duration.parse('30s');
  /** language of messages if the person's is unknown */
  @OneOf('en', 'de', 'fr', 'es') readonly default_locale: 'en' | 'de' | 'fr' | 'es' = 'en';
  /** trait that holds the person's language, such as `traits.locale`; for messages without a browser request */
  @Matching(/^traits(\.[^.\s]+)+$/, 'must be the path of a trait, such as traits.locale')
  readonly locale_trait?: string;
}

class RegainDatabase {
  /** number of connections */
  @Whole(1, 1_000) readonly pool: number = 10;
  /** how long one request may wait for the database, all statements together; then it gets 503 */
  @Span() readonly request_timeout: Duration = Duration.parse('2.5s');
  /** time limit for one statement of a job or command; PostgreSQL enforces it */
  @Span() readonly statement_timeout: Duration = Duration.parse('10s');
  /** false behind a pooler without prepared statements */
  @Flag() readonly prepared: boolean = true;
  /** bypasses the pooler, for migrations and the job queue (3 connections per node that delivers mail); default: `dsn` */
  @Matching(/^postgres(ql)?:\/\/./, 'must start with postgres://', { secret: true }) readonly direct_dsn?: Hidden;
}

class RegainEmbedded {
  @Matching(/./, 'must not be empty') readonly data_dir: string = '.regain';
}

class RegainHashing {
  /** number of passwords hashed at the same time */
  @Whole(1, 256) readonly concurrency: number = 2;
  /** number of passwords that may wait; more get 503 */
  @Whole(0, 100_000) readonly queue: number = 64;
}

class RegainSocial {
  /** `always`: use PKCE even if a provider doesn't announce it; `announced`: only if it does */
  @OneOf('always', 'announced') readonly pkce: 'always' | 'announced' = 'always';
  /** keep the provider's tokens of the last sign-in, encrypted */
  @Flag() readonly keep_tokens: boolean = false;
}

/** `regain` in kratos.yml: keys that Kratos doesn't have. The defaults are the safe values. */
export class RegainConfig {
  /** paths of keys that only Kratos should read; Regain drops them and says so at start */
  @Texts() readonly ignore: string[] = [];
  @Section(() => RegainServe) readonly serve: RegainServe = new RegainServe();
  @Section(() => RegainAdmin) readonly admin: RegainAdmin = new RegainAdmin();
  @Section(() => RegainRecovery) readonly recovery: RegainRecovery = new RegainRecovery();
  @Section(() => RegainLogin) readonly login: RegainLogin = new RegainLogin();
  @Section(() => RegainSettings) readonly settings: RegainSettings = new RegainSettings();
  /** an allowed return URL also allows paths that merely start with it */
  @Flag() readonly return_to_prefix_match: boolean = false;
  @Section(() => RegainPurge) readonly purge: RegainPurge = new RegainPurge();
  @Section(() => RegainUi) readonly ui: RegainUi = new RegainUi();
  @Section(() => RegainSocial) readonly social: RegainSocial = new RegainSocial();
  @Section(() => RegainCourier) readonly courier: RegainCourier = new RegainCourier();
  @Section(() => RegainDatabase) readonly database: RegainDatabase = new RegainDatabase();
  @Section(() => RegainEmbedded) readonly embedded: RegainEmbedded = new RegainEmbedded();
  @Section(() => RegainHashing) readonly hashing: RegainHashing = new RegainHashing();
  @Section(() => RateLimitsConfig) readonly rate_limits: RateLimitsConfig = new RateLimitsConfig();
}
