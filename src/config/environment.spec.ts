import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { complaintsOf, load, temporaryFolder } from '../../test/support/configuration-files.js';
import { targetOf } from './environment.js';
import { FileShape } from './file-shape.js';
import { keysOf, type SectionClass } from './keys.js';
import { NO_SECOND_FACTOR } from './second-factors.js';

const ONE = 'the-first-cookie-secret';
const TWO = 'the-second-cookie-secret';

function paths(shape: SectionClass, above: readonly string[] = []): string[] {
  return keysOf(shape).flatMap((key) => {
    const path = [...above, key.name];
    return key.kind === 'section' && key.shape ? paths(key.shape(), path) : [path.join('.')];
  });
}

describe('the environment', () => {
  test('every key except dev has a variable, and each variable names one key', () => {
    const all = paths(FileShape);
    expect(all.length).toBeGreaterThan(100);
    const reached = all.map((path) => targetOf(path.replaceAll('.', '_').toUpperCase())?.path.join('.'));
    expect(reached).toEqual(all.map((path) => (path === 'dev' ? undefined : path)));
  });

  test('converts values to the type of their key', async () => {
    const env = {
      SELFSERVICE_METHODS_LINK_ENABLED: 'true',
      SERVE_PUBLIC_PORT: '5001',
      SESSION_LIFESPAN: '2h',
      REGAIN_RECOVERY_MAX_EXPIRES_IN: 'none',
      REGAIN_UI_BRAND_NAME: '42',
      COURIER_SMTP_HEADERS: '{"X-A":"b"}',
      HASHERS_ARGON2_MEMORY: '32MB',
    };
    const loaded = await load({ env });
    expect(loaded.selfservice.methods.link.enabled).toBe(true);
    expect(loaded.serve.public.port).toBe(5001);
    expect(loaded.session.lifespan.toString()).toBe('2h0m0s');
    expect(loaded.regain.recovery.max_expires_in).toBeNull();
    expect(loaded.regain.ui.brand.name).toBe('42');
    expect(loaded.courier.smtp.headers).toEqual({ 'X-A': 'b' });
    expect(loaded.hashers.argon2.memory).toBe(32_768);
    expect(loaded.environment_keys).toEqual([
      'courier.smtp.headers',
      'hashers.argon2.memory',
      'regain.recovery.max_expires_in',
      'regain.ui.brand.name',
      'selfservice.methods.link.enabled',
      'serve.public.port',
      'session.lifespan',
    ]);
  });

  test('reads lists as JSON, by index, or both', async () => {
    const whole = await load({ env: { SECRETS_COOKIE: JSON.stringify([ONE, TWO]) } });
    expect(whole.secrets.cookie).toEqual([ONE, TWO]);
    const single = await load({ env: { SECRETS_COOKIE_1: TWO, SECRETS_COOKIE_0: ONE } });
    expect(single.secrets.cookie).toEqual([ONE, TWO]);
    const both = await load({ env: { SECRETS_COOKIE_1: TWO, SECRETS_COOKIE: JSON.stringify([ONE, ONE]) } });
    expect(both.secrets.cookie).toEqual([ONE, TWO]);
  });

  test('overrides a value inside a list entry of a file', async () => {
    const provider = "{ id: a, provider: github, client_id: c, client_secret: s, label: 'A' }";
    const yaml = [`selfservice: { methods: { oidc: { config: { providers: [${provider}] } } } }`];
    const env = { SELFSERVICE_METHODS_OIDC_CONFIG_PROVIDERS_0_CLIENT_SECRET: 'from-outside' };
    const { selfservice } = await load({ yaml, env });
    expect(selfservice.methods.oidc.config.providers[0]).toMatchObject({ label: 'A', client_secret: 'from-outside' });
  });

  test('keeps the order of more than ten entries', async () => {
    const env = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [
        `SELFSERVICE_ALLOWED_RETURN_URLS_${index}`,
        `https://${index}.example`,
      ]),
    );
    expect((await load({ env })).selfservice.allowed_return_urls[11]).toBe('https://11.example');
  });

  test.each([
    ['https://a.example,https://b.example', ['https://a.example', 'https://b.example']],
    [' https://a.example , https://b.example ,', ['https://a.example', 'https://b.example']],
    ['https://a.example\nhttps://b.example', ['https://a.example', 'https://b.example']],
    ['"https://a.example/x,y",https://b.example', ['https://a.example/x,y', 'https://b.example']],
    ['["https://a.example/x,y"]', ['https://a.example/x,y']],
    ['https://a.example', ['https://a.example']],
  ])('reads a list of comma-separated values, lines or JSON: %j', async (text, origins) => {
    const env = { SELFSERVICE_ALLOWED_RETURN_URLS: text, SERVE_PUBLIC_CORS_ALLOWED_ORIGINS: text };
    const { selfservice, serve } = await load({ env });
    expect(selfservice.allowed_return_urls).toEqual(origins);
    expect(serve.public.cors.allowed_origins).toEqual(origins);
  });

  test('doubled quotes stand for a quote, in lists of secrets too', async () => {
    const { secrets } = await load({ env: { SECRETS_COOKIE: `${ONE},"${TWO}""x"` } });
    expect(secrets.cookie).toEqual([ONE, `${TWO}"x`]);
  });

  test('a file has one entry per line, commas included', async () => {
    const file = join(await temporaryFolder(), 'secret');
    await writeFile(file, `${ONE},${ONE}\n"${TWO}"\n`);
    const { secrets } = await load({ env: { SECRETS_DEFAULT_FILE: file } });
    expect(secrets.default).toEqual([`${ONE},${ONE}`, `"${TWO}"`]);
  });

  test('reports a gap in a list, broken JSON and an invalid flag', async () => {
    const env = {
      SECRETS_COOKIE_3: ONE,
      COURIER_SMTP_HEADERS: '{',
      SELFSERVICE_METHODS_LINK_ENABLED: 'yes',
      SERVE_PUBLIC_PORT: '5e3',
    };
    expect(await complaintsOf({ env })).toEqual([
      'COURIER_SMTP_HEADERS: must be JSON',
      'SECRETS_COOKIE_3: leaves a gap: earlier entries are missing',
      'selfservice.methods.link.enabled: must be true or false',
      'serve.public.port: must be a whole number from 1 to 65535',
    ]);
  });

  test('reads secrets from files, and only secrets', async () => {
    const file = join(await temporaryFolder(), 'secret');
    await writeFile(file, `${ONE}\n`);
    const { secrets, session } = await load({ env: { SECRETS_COOKIE_0_FILE: file, SESSION_COOKIE_NAME_FILE: file } });
    expect(secrets.cookie).toEqual([ONE]);
    expect(session.cookie.name).toBe('ory_kratos_session');
    await writeFile(file, `${ONE}\n${TWO}\n`);
    expect((await load({ env: { SECRETS_DEFAULT_FILE: file } })).secrets.default).toEqual([ONE, TWO]);
  });

  test('reports a missing file, and _FILE together with the plain variable', async () => {
    const env = { DSN_FILE: '/nowhere/at/all', SECRETS_COOKIE: ONE, SECRETS_COOKIE_FILE: '/nowhere' };
    expect(await complaintsOf({ env })).toEqual([
      'DSN_FILE: names a file that cannot be read (ENOENT)',
      'SECRETS_COOKIE_FILE: must not be set together with the variable without _FILE',
    ]);
  });

  test('ignores variables that name no key, and empty ones', async () => {
    const env = {
      PATH: '/bin',
      CONFIG: 'x',
      REGAIN_ACCESS_TOKEN: 'x',
      SERVE_PUBLIC: '',
      SERVE_PUBLIC_PORT: '',
      SERVE_X: '1',
    };
    const loaded = await load({ env });
    expect(loaded.environment_keys).toEqual([]);
    expect(loaded.warnings).toEqual([]);
  });

  test('the environment cannot enable what a file could not', async () => {
    expect(await complaintsOf({ env: { SELFSERVICE_METHODS_WEBAUTHN_ENABLED: 'true' } })).toEqual([
      `selfservice.methods.webauthn.enabled: ${NO_SECOND_FACTOR}`,
    ]);
    expect(await complaintsOf({ env: { SELFSERVICE_METHODS_WEBAUTHN_ENABLED: 'false' } })).toEqual([]);
    expect(await complaintsOf({ env: { SERVE_PUBLIC_SOCKET_MODE: '432', SERVE_PUBLIC_SOCKET_OWNER: 'x' } })).toEqual([
      'serve.public.socket: Regain listens on TCP only; remove it',
    ]);
  });

  test('sets a certificate, and its base64 key from a file', async () => {
    const env = {
      SERVE_PUBLIC_TLS_CERT_PATH: '/x.crt',
      SERVE_PUBLIC_TLS_KEY_PATH: '/x.key',
      SERVE_ADMIN_TLS_CERT_BASE64: 'Y2VydA==',
      SERVE_ADMIN_TLS_KEY_BASE64_FILE: join(await temporaryFolder(), 'key.base64'),
    };
    await writeFile(env.SERVE_ADMIN_TLS_KEY_BASE64_FILE, 'a2V5\n');
    const { serve, environment_keys } = await load({ env });
    expect(serve.public.tls).toEqual({ cert: { path: '/x.crt', base64: '' }, key: { path: '/x.key', base64: '' } });
    expect(serve.admin.tls).toEqual({ cert: { path: '', base64: 'Y2VydA==' }, key: { path: '', base64: 'a2V5' } });
    expect(environment_keys).toEqual([
      'serve.admin.tls.cert.base64',
      'serve.admin.tls.key.base64',
      'serve.public.tls.cert.path',
      'serve.public.tls.key.path',
    ]);
  });

  test('names the replacement of a former Kratos variable', async () => {
    const env = { SELFSERVICE_WHITELISTED_RETURN_URLS: 'https://a.example', TTL: '5', URLS: 'x' };
    expect(await complaintsOf({ env })).toEqual([
      'selfservice.whitelisted_return_urls: is a former key of Kratos: use selfservice.allowed_return_urls',
    ]);
  });
});
