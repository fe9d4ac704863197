import { expect, test } from 'vitest';
import { networkOf } from './networks.js';

test.each([
  '1.1.1.1',
  '93.184.216.34',
  '172.32.0.1',
  '2606:4700:4700::1111',
  '[2606:4700:4700::1111]',
  '::ffff:1.1.1.1',
  '64:ff9b::1.1.1.1',
  '64:ff9b::101:101',
])('%s is public', (address) => {
  expect(networkOf(address)).toBe('public');
});

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '198.18.0.1',
  '192.0.2.1',
  '::1',
  'fc00::1',
  'fd12:3456:789a::1',
  '2001:db8::1',
  '2001::1',
  '64:ff9b:1::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:0:127.0.0.1',
  '::127.0.0.1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::c0a8:101',
  '2002:0a00:0001::1',
])('%s is private', (address) => {
  expect(networkOf(address)).toBe('private');
});

test.each([
  '0.0.0.0',
  '169.254.169.254',
  '100.100.100.200',
  '168.63.129.16',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  'fd00:ec2::254',
  '::ffff:169.254.169.254',
  '64:ff9b::a9fe:a9fe',
  '2002:a9fe:a9fe::',
  '',
  'localhost',
  '127.1',
  '2130706433',
  'not an address',
])('%j is reserved', (address) => {
  expect(networkOf(address)).toBe('reserved');
});
