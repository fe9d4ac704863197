import { isCron } from '../../platform/cron/index.js';
import { Duration } from '../../platform/duration/index.js';
import { Flag, type Hidden, Matching, MemorySize, OneOf, Section, Span, Text, Texts, Whole } from '../keys.js';
import { RateLimitsConfig } from './rate-limits.config.js';

class RegainServe {
  /** The documented admin prefix also works on the public listener, for routes that a token guards. */
  @Flag() readonly single_host: boolean = false;
  /** Networks (CIDR) or addresses whose X-Forwarded-For is believed. */
  @Texts() readonly trusted_proxies: string[] = [];
  /** Forms are taken from our own pages and configured ones only, as far as the browser says where they come from. */
  @Flag() readonly check_origin: boolean = true;
  /** A request for a route of the other listener is sent there (307), instead of 404. */
  @Flag() readonly redirect_between_listeners: boolean = false;
  /** KiB: the largest body that a public route takes. A kilobyte of it may hold 16 fields or values. */
  @MemorySize(16, 1_024) readonly public_body_limit: number = 64;
}

class RegainAdmin {
  @OneOf('pat', 'none') readonly authentication: 'pat' | 'none' = 'pat';
  /** Where a key of the configuration is why something cannot be done, the reason names it. */
  @Flag() readonly name_keys: boolean = true;
  /** `near`: a field of a body that is nearly spelt like a known one is refused, any other unknown one is named in `warnings`. */
  @OneOf('near', 'none') readonly strict_fields: 'near' | 'none' = 'near';
  /** A list refuses query parameters that it does not know. */
  @Flag() readonly strict_filters: boolean = true;
}

/** What an administrator may choose when a link or code is sent; always to a stored address. */
class RegainDelivery {
  /** Names of templates besides the default one. */
  @Texts() readonly templates: string[] = [];
  /** Addresses that an answer may go to. */
  @Texts() readonly reply_to: string[] = [];
}

class RegainHandOver {
  /** The shortest that a hand-over is open. */
  @Span() readonly min: Duration = Duration.parse('10m');
  /** The longest. */
  @Span() readonly max: Duration = Duration.parse('1h');
}

class RegainRecovery {
  /** A redemption hands the account over: until a new credential is set, nothing older opens it; then everything older is over. */
  @Flag() readonly hand_over: boolean = true;
  /** How long a hand-over stays open: as long as the recovery session is privileged, within these limits. */
  @Section(() => RegainHandOver) readonly hand_over_limits: RegainHandOver = new RegainHandOver();
  /** How long nothing that lets people in can be changed after a hand-over that ended without a new credential. */
  @Span() readonly after_abandoned: Duration = Duration.parse('24h');
  /** `get`: following a link uses it up, mail scanners included. */
  @OneOf('confirm', 'get') readonly redeem_on: 'confirm' | 'get' = 'confirm';
  /** Null (in the file: none): no limit. */
  @Span({ none: true }) readonly max_expires_in: Duration | null = Duration.parse('72h');
  /** Used, expired and unknown links are answered alike. */
  @Flag() readonly uniform_failures: boolean = true;
  /** A redemption or a new credential ends the identity's other links and codes. */
  @Flag() readonly invalidate_siblings: boolean = true;
  /** The session that the browser brought along ends at a redemption. */
  @Flag() readonly end_previous_session: boolean = true;
  /** A redemption ends every other session of the identity: whoever was in is out. */
  @Flag() readonly revoke_sessions: boolean = true;
  /** What happens to links of identities with a second factor that we cannot check. */
  @OneOf('refuse', 'ignore') readonly second_factor: 'refuse' | 'ignore' = 'refuse';
  /**
   * An address that a token without `credentials:write` brought gets no link or code before, and the ones that it replaced go on
   * working until then; a token that may only deliver sends nothing to any address that was set or changed later. 0s: no such rule.
   */
  @Span({ zero: true }) readonly address_min_age: Duration = Duration.parse('24h');
  @Section(() => RegainDelivery) readonly delivery: RegainDelivery = new RegainDelivery();
}

class RegainLogin {
  /** How long a browser, or a network, in which the owner has signed in is known. Null (in the file: none): not at all. */
  @Span({ none: true }) readonly known_for: Duration | null = Duration.parse('2160h');
}

class RegainSettings {
  /** Changes of one identity follow one another; more than one at a time are answered 429. */
  @Flag() readonly one_at_a_time: boolean = true;
}

class RegainPurge {
  @Matching(isCron, 'must be a cron expression of five fields, or six with seconds in front')
  readonly schedule: string = '*/5 * * * *';
  /** How long what has expired is kept, so that its owner can be told so. */
  @Span() readonly keep: Duration = Duration.parse('720h');
}

class RegainBrand {
  @Text() readonly name: string = 'Regain';
}

class RegainUi {
  @Flag() readonly enabled: boolean = true;
  /** A sentence, an address or a URL: whom to ask for help. */
  @Text() readonly support?: string;
  @Section(() => RegainBrand) readonly brand: RegainBrand = new RegainBrand();
}

class RegainCourier {
  /** The admin API shows links and codes of messages that are not sent yet. */
  @Flag() readonly show_unsent_secrets: boolean = false;
  /** People are told of recoveries, new credentials and addresses, at every address that they had before. */
  @Flag() readonly notices: boolean = true;
  /** Messages handed over at the same time by one process; slow ones step aside. */
  @Whole(1, 100) readonly concurrency: number = 10;
  /** The longest that handing one over may take. */
  @Span() readonly send_timeout: Duration = Duration.parse('30s');
  /** The language of messages to people who do not say theirs. */
  @OneOf('en', 'de', 'fr', 'es') readonly default_locale: 'en' | 'de' | 'fr' | 'es' = 'en';
  /** Where identities keep their language, such as `traits.locale`; for messages that nobody's browser asked for. */
  @Matching(/^traits(\.[^.\s]+)+$/, 'must be the path of a trait, such as traits.locale')
  readonly locale_trait?: string;
}

class RegainDatabase {
  /** Connections. */
  @Whole(1, 1_000) readonly pool: number = 10;
  /** The longest that one request waits for the database, all its statements together; then it is answered 503. */
  @Span() readonly request_timeout: Duration = Duration.parse('2.5s');
  /** The longest that one statement of a job or a command may take; PostgreSQL ends it. */
  @Span() readonly statement_timeout: Duration = Duration.parse('10s');
  /** False behind a pooler that cannot keep prepared statements. */
  @Flag() readonly prepared: boolean = true;
  /** Past the pooler, for migrations and the job queue (3 connections a node that delivers mail). Absent: `dsn`. */
  @Matching(/^postgres(ql)?:\/\/./, 'must begin with postgres://', { secret: true }) readonly direct_dsn?: Hidden;
}

class RegainEmbedded {
  @Matching(/./, 'must not be empty') readonly data_dir: string = '.regain';
}

class RegainHashing {
  /** Passwords hashed at the same time. */
  @Whole(1, 256) readonly concurrency: number = 2;
  /** Passwords that may wait for that; more are answered 503. */
  @Whole(0, 100_000) readonly queue: number = 64;
}

class RegainSocial {
  /** `always`: codes are bound by PKCE also where a provider does not say that it can; `announced`: only where it does. */
  @OneOf('always', 'announced') readonly pkce: 'always' | 'announced' = 'always';
  /** The tokens that a provider gave at the last sign-in are kept, encrypted. */
  @Flag() readonly keep_tokens: boolean = false;
}

/** `regain` in kratos.yml: what Kratos does not have. An absent key has the safe value. */
export class RegainConfig {
  /** Paths of keys that only Kratos is meant to read; what they name is not there for Regain, and the start says so. */
  @Texts() readonly ignore: string[] = [];
  @Section(() => RegainServe) readonly serve: RegainServe = new RegainServe();
  @Section(() => RegainAdmin) readonly admin: RegainAdmin = new RegainAdmin();
  @Section(() => RegainRecovery) readonly recovery: RegainRecovery = new RegainRecovery();
  @Section(() => RegainLogin) readonly login: RegainLogin = new RegainLogin();
  @Section(() => RegainSettings) readonly settings: RegainSettings = new RegainSettings();
  /** An allowed return URL also allows what its path merely begins with. */
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
