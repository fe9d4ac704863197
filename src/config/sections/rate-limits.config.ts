import { type LimitName, LIMIT_NAMES, parseRate, type Rates } from '../../platform/limits/index.js';
import { Matching } from '../keys.js';

const Limit = (): PropertyDecorator =>
  Matching(
    (text) => parseRate(text) !== undefined,
    'must be how many in what time (1s to 24h), such as 10/1h, or none',
  );

/**
 * `regain.rate_limits`: how many tries in what time; the next one is answered 429 until the time is over. `none`: no limit.
 * A network is an IPv4 address or an IPv6 /64.
 */
export class RateLimitsConfig implements Record<LimitName, string> {
  /** Public requests from one network that were refused before they did anything; then its bodies are not read any more. */
  @Limit() readonly refused_network: string = '600/10m';
  /** Submissions of login forms from one network. */
  @Limit() readonly login_network: string = '300/5m';
  /** Passwords from one browser that its owner has signed in with before; they count against nothing else. */
  @Limit() readonly login_device: string = '20/10m';
  /** Of one identifier, from one network; a right password starts anew. */
  @Limit() readonly login_identifier: string = '10/10m';
  /** Of one identifier, from all networks together; a right password starts anew. */
  @Limit() readonly login_identifier_total: string = '100/1h';
  /** Addresses submitted for recovery, from one network. */
  @Limit() readonly recovery_network: string = '100/10m';
  /** The same address, from one network. */
  @Limit() readonly recovery_address: string = '5/1h';
  /** Messages to one address, whoever asks for them. */
  @Limit() readonly recovery_mails: string = '10/1h';
  /** Codes submitted from one network. */
  @Limit() readonly code_network: string = '300/10m';
  /** Codes that were mailed to one address, submitted from one network; beyond it, every code counts as wrong. */
  @Limit() readonly code_address: string = '20/1h';
  /** Short codes compared for one account, within any such time; then only links and long codes open it. */
  @Limit() readonly code_account: string = '20/24h';
  /** Links that open nothing, from one network. Good ones are not counted. */
  @Limit() readonly link_network: string = '300/10m';
  /** Profiles submitted with an address or identifier that the identity does not have: each answer tells whether it is taken. */
  @Limit() readonly new_address: string = '5/24h';
  /** Settings forms submitted by one session. */
  @Limit() readonly settings_session: string = '20/1m';
  /** Links and codes that one access token issues. */
  @Limit() readonly issue_actor: string = '6000/1m';
  /** Messages to one address that access tokens send which may only deliver. */
  @Limit() readonly deliver_address: string = '10/1h';
}

/** What a valid section says. */
export function ratesOf(section: RateLimitsConfig): Rates {
  return Object.fromEntries(LIMIT_NAMES.map((name) => [name, parseRate(section[name]) ?? null])) as Rates;
}

/** True where a limit is off, or lets through ten times what it does by default: then it slows down nobody who guesses. */
export function hardlyLimits(section: RateLimitsConfig): boolean {
  const [given, usual] = [ratesOf(section), ratesOf(new RateLimitsConfig())];
  return LIMIT_NAMES.some((name) => {
    const [now, before] = [given[name], usual[name]];
    return now === null || (before !== null && now.points / now.seconds >= (10 * before.points) / before.seconds);
  });
}
