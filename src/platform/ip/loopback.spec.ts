import { expect, test } from 'vitest';
import { bindsToLoopback, leadsToLoopback } from './loopback.js';

test.each(['127.0.0.1', '127.1.2.3', '::1', '[::1]', 'localhost', 'LOCALHOST'])(
  '%s is reachable only from this machine',
  (host) => {
    expect(bindsToLoopback(host)).toBe(true);
  },
);

test.each(['', '0.0.0.0', '::', '10.0.0.1', 'x.localhost', '127.0.0.1.example.com', 'localhost.example.com', '::1:1'])(
  '%j may be reachable from elsewhere',
  (host) => {
    expect(bindsToLoopback(host)).toBe(false);
  },
);

test.each([
  ['127.0.0.1', true],
  ['[::1]', true],
  ['localhost', true],
  ['id.localhost', true],
  ['localhost.example.com', false],
  ['notlocalhost', false],
  ['10.0.0.1', false],
])('a browser that is sent to %s stays on its machine: %j', (host, stays) => {
  expect(leadsToLoopback(host)).toBe(stays);
});
