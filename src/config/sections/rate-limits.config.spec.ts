import { expect, test } from 'vitest';
import { RateLimitsConfig, ratesOf } from './rate-limits.config.js';

test.each([
  ['recovery_address', 'recovery_mails'],
  ['login_identifier', 'login_identifier_total'],
] as const)('as they come, %s leaves of %s more than one network can use up alone', (ofNetwork, inAll) => {
  const rates = ratesOf(new RateLimitsConfig());
  const [network, all] = [rates[ofNetwork]!, rates[inAll]!];
  const windows = Math.ceil(all.seconds / network.seconds);
  expect(windows * network.points).toBeLessThan(all.points);
});
