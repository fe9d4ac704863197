import { expect, test } from 'vitest';
import { networkKey, wideNetworkKey } from './network-key.js';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['2001:db8:0:7::', '2001:db8:0:7::/64'],
  ['', ''],
])('%s counts as %s', (address, key) => {
  expect(networkKey(address)).toBe(key);
});

/** better-auth CVE-2026-45364: one client, many notations, many budgets. */
test.each([
  ['2001:DB8::1', '2001:db8:0:0:ffff:ffff:ffff:ffff'],
  ['2001:0db8:0000:0000::0001', '2001:db8::1'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::ffff:c000:207', '192.0.2.7'],
  ['0:0:0:0:0:FFFF:192.0.2.7', '192.0.2.7'],
  ['2001:db8::192.0.2.7', '2001:db8::1'],
])('%s is in the same network as %s', (one, other) => {
  expect(networkKey(one)).toBe(networkKey(other));
});

test('another /64 is another network', () => {
  expect(networkKey('2001:db8:0:1::1')).not.toBe(networkKey('2001:db8:0:2::1'));
});

test.each([
  ['2001:db8:1:2::3', '2001:db8:1::/48'],
  ['2001:db8:1:ffff::3', '2001:db8:1::/48'],
  ['2001:db8:2::', '2001:db8:2::/48'],
  ['192.0.2.7', undefined],
  ['::ffff:192.0.2.7', undefined],
  ['', undefined],
])('%s is inside %s', (address, key) => {
  expect(wideNetworkKey(address)).toBe(key);
});
