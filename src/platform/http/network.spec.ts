import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { ClientNetwork } from './network.js';

const PROXY = '10.0.0.1';
const seen = (forwarded: string | undefined, from = PROXY): string => {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return new ClientNetwork(['10.0.0.0/8', 'fd00::/8']).of({
    raw: { socket: { remoteAddress: from } },
    headers,
  } as unknown as FastifyRequest);
};

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['192.0.2.1, 192.0.2.7', '192.0.2.7'],
  ['192.0.2.7, 10.0.0.2', '192.0.2.7'],
  ['2001:db8::1', '2001:db8::1'],
  ['2001:db8::1, fd00::2', '2001:db8::1'],
  ['', PROXY],
  ['unknown', PROXY],
  ['192.0.2.7, who knows', PROXY],
])('%s behind a trusted proxy is %s', (forwarded, client) => {
  expect(seen(forwarded)).toBe(client);
});

/** Otherwise all clients behind such a proxy share one network, and one flood locks all of them out. */
test.each([
  ['192.0.2.7:51234', '192.0.2.7'],
  ['[2001:db8::1]:51234', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['192.0.2.7:51234, 10.0.0.2:443', '192.0.2.7'],
])('a port added by the proxy does not hide the client: %s', (forwarded, client) => {
  expect(seen(forwarded)).toBe(client);
});

test("a client's own claims are ignored", () => {
  expect(seen('192.0.2.7', '198.51.100.1')).toBe('198.51.100.1');
  expect(seen('192.0.2.7', '::ffff:198.51.100.1')).toBe('198.51.100.1');
});

test('the header without a trusted proxy is reported once', () => {
  let said = 0;
  const network = new ClientNetwork([], () => void said++);
  const from = (headers: object) => ({ raw: { socket: { remoteAddress: '10.0.0.1' } }, headers }) as FastifyRequest;
  expect(network.of(from({}))).toBe('10.0.0.1');
  expect(said).toBe(0);
  for (let i = 0; i < 3; i++) expect(network.of(from({ 'x-forwarded-for': '192.0.2.7' }))).toBe('10.0.0.1');
  expect(said).toBe(1);
  new ClientNetwork(['10.0.0.1'], () => void said++).of(from({ 'x-forwarded-for': '192.0.2.7' }));
  expect(said).toBe(1);
});
