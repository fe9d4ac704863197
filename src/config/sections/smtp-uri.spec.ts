import { expect, test } from 'vitest';
import { readSmtpUri } from './smtp-uri.js';

const base = {
  host: 'mail.example',
  port: 587,
  tls: 'required',
  verify: true,
  serverName: 'mail.example',
  user: '',
  password: '',
};

test.each([
  ['smtp://mail.example:1025/', { port: 1025 }],
  ['smtp://mail.example', {}],
  ['SMTP://mail.example/?disable_starttls=false', {}],
  ['smtp://mail.example:25/?disable_starttls=true', { port: 25, tls: 'none' }],
  ['smtp://mail.example/?disable_starttls=1', { port: 25, tls: 'none' }],
  ['smtp://mail.example/?disable_starttls=yes', {}],
  ['smtp://mail.example/?skip_ssl_verify=true', { verify: false }],
  ['smtps://mail.example', { port: 465, tls: 'implicit' }],
  ['smtps://mail.example:8465/?disable_starttls=true', { port: 8465, tls: 'implicit' }],
  ['smtps://mail.example/?skip_ssl_verify=true', { port: 465, tls: 'implicit', verify: false }],
  ['smtp://mail.example:1465/?legacy_ssl=true', { port: 1465, tls: 'implicit' }],
  ['smtps://sub.mail.example:465/?server_name=mail.example', { host: 'sub.mail.example', port: 465, tls: 'implicit' }],
  ['smtp://foo:bar@mail.example:587/', { user: 'foo', password: 'bar' }],
  ['smtp://a%40b.example:p%2Fw%3Ad%25@mail.example/', { user: 'a@b.example', password: 'p/w:d%' }],
  ['smtp://bücher.example:25/', { host: 'xn--bcher-kva.example', port: 25, serverName: 'xn--bcher-kva.example' }],
  ['smtp://B%C3%9CCHER.example/', { host: 'xn--bcher-kva.example', serverName: 'xn--bcher-kva.example' }],
  ['smtps://mail.example/?server_name=日本.example', { port: 465, tls: 'implicit', serverName: 'xn--wgv71a.example' }],
  ['smtp://[::1]:1025/', { host: '::1', port: 1025, serverName: '::1' }],
])('%s', (text, expected) => {
  expect(readSmtpUri(text)).toEqual({ ...base, ...expected });
});

test.each([
  'http://mail.example/',
  'smtp://',
  'smtp:///',
  'mail.example:25',
  'smtp://a%@mail.example/',
  'smtp://mail.example:99999/',
  'smtp://mail.example:0/',
  'smtp://[::1]:0/',
  'smtp://a%20b.example/',
])('%s is not an SMTP URI', (text) => {
  expect(readSmtpUri(text)).toBeUndefined();
});
