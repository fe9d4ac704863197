import { describe, expect, test } from 'vitest';
import { isLocalCaller } from './local-caller.js';

describe('a program on this machine', () => {
  test.each([
    { host: 'localhost' },
    { host: 'LOCALHOST:4434' },
    { host: '127.0.0.1:4434' },
    { host: '127.8.9.1' },
    { host: '[::1]:4434' },
    { host: 'localhost:4434', origin: 'http://127.0.0.1:3000' },
    { host: 'localhost:4434', origin: 'https://localhost', 'sec-fetch-site': 'same-site' },
    { host: 'localhost:4434', 'sec-fetch-site': 'none' },
  ])('%j is accepted', (headers) => expect(isLocalCaller(headers)).toBe(true));
});

describe('a web page', () => {
  test.each([
    {},
    { host: '' },
    { host: 'evil.example' },
    { host: 'evil.example:4434' },
    { host: 'localhost.evil.example' },
    { host: '127.0.0.1.evil.example' },
    { host: 'anything.localhost' },
    { host: 'localhost.' },
    { host: 'localhost@evil.example' },
    { host: 'evil.example/@localhost' },
    { host: '192.168.0.7:4434' },
    { host: '0.0.0.0:4434' },
    { host: 'localhost', origin: 'https://evil.example' },
    { host: 'localhost', origin: 'null' },
    { host: 'localhost', origin: '' },
    { host: 'localhost', 'sec-fetch-site': 'cross-site' },
  ])('%j is rejected', (headers) => expect(isLocalCaller(headers)).toBe(false));
});
