import { expect, test } from 'vitest';
import { dotted, groupsOf } from './ip.js';

test.each([
  ['::', [0, 0, 0, 0, 0, 0, 0, 0]],
  ['::1', [0, 0, 0, 0, 0, 0, 0, 1]],
  ['2001:db8::', [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0]],
  ['2001:DB8:0:0:1::0001', [0x2001, 0xdb8, 0, 0, 1, 0, 0, 1]],
  ['1:2:3:4:5:6:7:8', [1, 2, 3, 4, 5, 6, 7, 8]],
  ['1::3:4:5:6:7:8', [1, 0, 3, 4, 5, 6, 7, 8]],
  ['::ffff:192.0.2.7', [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x207]],
  ['64:ff9b::192.0.2.7', [0x64, 0xff9b, 0, 0, 0, 0, 0xc000, 0x207]],
  ['fe80::1%eth0', [0xfe80, 0, 0, 0, 0, 0, 0, 1]],
])('%s has eight groups', (address, groups) => {
  expect(groupsOf(address)).toEqual(groups);
});

test.each(['', '192.0.2.7', 'localhost', '1:2', '::1]/x', '::1::', '::12345', '1:2:3:4:5:6:7:8:9'])(
  '%j has no groups',
  (address) => {
    expect(groupsOf(address)).toEqual([]);
  },
);

test.each([
  [0xc000, 0x207, '192.0.2.7'],
  [0, 1, '0.0.0.1'],
  [0xffff, 0xffff, '255.255.255.255'],
])('%i and %i make %s', (high, low, address) => {
  expect(dotted(high, low)).toBe(address);
});
