import { describe, expect, test } from 'vitest';
import { complaintsOf, load } from '../../../test/support/configuration-files.js';

const smtp = (more: string): string[] => [`courier: { smtp: { connection_uri: 'smtp://mail.example:25/', ${more} } }`];
const http = (more: string): string[] => [
  `courier: { delivery_strategy: http, http: { request_config: { ${more} } } }`,
];

describe('courier', () => {
  test.each([
    [
      smtp('headers: { "X-A": "b\\r\\nBcc: c@example.com" }'),
      'courier.smtp.headers: must contain header names and values of one line each',
    ],
    [smtp('headers: { "X A": b }'), 'courier.smtp.headers: must contain header names and values of one line each'],
    [smtp('from_name: "a\\nBcc: b@example.com"'), 'courier.smtp.from_name: must be one line'],
    [smtp('from_address: "a@example.com, b@example.com"'), 'courier.smtp.from_address: must be one email address'],
    [smtp('client_cert_path: a.pem'), 'courier.smtp: set both client_cert_path and client_key_path, or neither'],
    [http(''), 'courier.http.request_config.url: is required when delivery_strategy is http'],
    [
      http("url: 'https://a.example/', auth: { type: api_key }"),
      'courier.http.request_config.auth.config.name: is missing',
    ],
    [
      http("url: 'https://a.example/', auth: { type: basic_auth }"),
      'courier.http.request_config.auth.config.user: is missing',
    ],
    [http("url: 'https://a.example/', method: GET"), 'courier.http.request_config.method: must be POST, PUT or PATCH'],
    [
      http("url: 'https://a.example/', body: 'file://b.jsonnet'"),
      'courier.http.request_config.body: Regain does not run jsonnet; remove it to send the default JSON',
    ],
  ])('%j stops the start', async (yaml, complaint) => {
    expect(await complaintsOf({ yaml })).toEqual([complaint]);
  });

  test.each([
    ["courier: { smtp: { connection_uri: 'smtp://mail.example/?disable_starttls=true' } }", 'disable_starttls sends'],
    ["courier: { smtp: { connection_uri: 'smtps://mail.example/?skip_ssl_verify=true' } }", 'skip_ssl_verify lets'],
    [
      "courier: { smtp: { connection_uri: 'smtp://localhost.example/?disable_starttls=true' } }",
      'disable_starttls sends',
    ],
    [http("url: 'http://a.example/'")[0]!, 'http sends links and codes in clear text'],
    [`${http("url: 'https://a.example/'")[0]!}\nregain: { courier: { send_timeout: 5s } }`, 'send_timeout: below 6s'],
  ])('%s causes a warning', async (yaml, warning) => {
    const { warnings } = await load({ yaml: [yaml] });
    expect(warnings.filter((line) => line.includes(warning))).toHaveLength(1);
  });

  test.each([
    ['', false],
    ["courier: { smtp: { connection_uri: 'smtp://127.0.0.1:1025/?disable_starttls=true' } }", true],
    ["courier: { smtp: { connection_uri: 'smtp://mail.localhost:1025/?disable_starttls=true' } }", true],
    ["courier: { smtp: { connection_uri: 'smtps://[::1]/?skip_ssl_verify=true' } }", true],
    [http("url: 'http://hook.localhost:8080/'")[0]!, true],
    [http("url: 'https://a.example/'")[0]!, true],
    ["courier: { http: { request_config: { url: 'https://a.example/' } } }", false],
  ])('%s: delivers or not', async (yaml, delivers) => {
    const { courier, warnings } = await load({ yaml: [yaml] });
    expect(courier.delivers).toBe(delivers);
    expect(warnings.filter((line) => line.startsWith('courier'))).toEqual([]);
  });
});
