import { type LimitName, LIMIT_NAMES, parseRate, type Rates } from '../../platform/limits/index.js';
import { Matching } from '../keys.js';

const Limit = (): PropertyDecorator =>
  Matching(
    (text) => parseRate(text) !== undefined,
    'must be a count and a period from 1s to 24h, such as 10/1h, or none',
  );

/**
 * `regain.rate_limits`: a count per period; above it, answers are 429 until the period ends. `none`: no limit.
 * A network is an IPv4 address or an IPv6 /64.
 */
export class RateLimitsConfig implements Record<LimitName, string> {
  /** refused public requests per network; above it, Regain doesn't read its bodies */
  @Limit() readonly refused_network: string = '600/10m';
  /** submitted login forms per network */
  @Limit() readonly login_network: string = '300/5m';
  /** passwords from a known browser; they count against no other limit */
  @Limit() readonly login_device: string = '20/10m';
  /** passwords per identifier and network; the correct password resets it */
  @Limit() readonly login_identifier: string = '10/10m';
  /** passwords per identifier from all networks; the correct password resets it */
  @Limit() readonly login_identifier_total: string = '100/1h';
  /** addresses submitted for recovery per network */
  @Limit() readonly recovery_network: string = '100/10m';
  /** submissions of one address per network */
  @Limit() readonly recovery_address: string = '5/1h';
  /** requested messages per address, from all networks */
  @Limit() readonly recovery_mails: string = '10/1h';
  /** submitted codes per network */
  @Limit() readonly code_network: string = '300/10m';
  /** submitted codes per address and network; above it, every code counts as wrong */
  @Limit() readonly code_address: string = '20/1h';
  /** short codes compared per account in any such period; above it, only links and long codes work */
  @Limit() readonly code_account: string = '20/24h';
  /** bad links per network; good ones aren't counted */
  @Limit() readonly link_network: string = '300/10m';
  /** profile changes to an address or identifier new to the identity; each answer reveals whether it is taken */
  @Limit() readonly new_address: string = '5/24h';
  /** submitted settings forms per session */
  @Limit() readonly settings_session: string = '20/1m';
  /** links and codes issued per access token */
  @Limit() readonly issue_actor: string = '6000/1m';
  /** messages per address from access tokens that may only deliver */
  @Limit() readonly deliver_address: string = '10/1h';
}

/** Parses a valid section. */
export function ratesOf(section: RateLimitsConfig): Rates {
  return Object.fromEntries(LIMIT_NAMES.map((name) => [name, parseRate(section[name]) ?? null])) as Rates;
}

/** Whether a limit is off, or ten times its default, so that it hardly slows down guessing. */
export function hardlyLimits(section: RateLimitsConfig): boolean {
  const [given, usual] = [ratesOf(section), ratesOf(new RateLimitsConfig())];
  return LIMIT_NAMES.some((name) => {
    const [now, before] = [given[name], usual[name]];
    return now === null || (before !== null && now.points / now.seconds >= (10 * before.points) / before.seconds);
  });
}
