import { describe, expect, test } from 'vitest';
import { BARE, complaintsOf, load, problemsOf } from '../../test/support/configuration-files.js';
import { ConfigurationError } from './index.js';

describe('loadConfiguration', () => {
  test("has Kratos' defaults for Kratos' keys and safe ones for ours", async () => {
    const { session, selfservice, hashers, serve, regain } = await load({ least: BARE });
    expect(session.lifespan.toString()).toBe('24h0m0s');
    expect(session.cookie.name).toBe('ory_kratos_session');
    expect(selfservice.methods.link.enabled).toBe(false);
    expect(selfservice.methods.code.enabled).toBe(true);
    expect(selfservice.flows.recovery.use).toBe('code');
    expect([hashers.algorithm, hashers.argon2.memory]).toEqual(['argon2', 19_456]);
    expect([serve.public.port, serve.admin.port]).toEqual([4433, 4434]);
    expect([serve.public.base_url, serve.admin.base_url]).toEqual(['http://127.0.0.1:4433', 'http://127.0.0.1:4434']);
    expect(regain.recovery.redeem_on).toBe('confirm');
    expect(regain.recovery.max_expires_in?.toString()).toBe('72h0m0s');
  });

  test('later files win: maps are merged, lists replaced', async () => {
    const one =
      'serve: { public: { port: 5001 } }\nselfservice: { allowed_return_urls: [https://a.example, https://b.example] }';
    const two = 'serve: { public: { host: 127.0.0.1 } }\nselfservice: { allowed_return_urls: [https://c.example] }';
    const { serve, selfservice } = await load({ yaml: [one, two] });
    expect([serve.public.port, serve.public.host]).toEqual([5001, '127.0.0.1']);
    expect(selfservice.allowed_return_urls).toEqual(['https://c.example']);
  });

  test('reports all problems at once', async () => {
    const yaml = ['serve: { public: { port: 0 } }\nsession: { lifespan: soon }\nlog: { levell: info }'];
    expect(await complaintsOf({ yaml })).toEqual([
      'log.levell: is an unknown key; did you mean level?',
      'serve.public.port: must be a whole number from 1 to 65535',
      'session.lifespan: must be a duration such as 12h, 1h30m or 500ms',
    ]);
  });

  test('never puts a value into a problem', async () => {
    const secret = 'hunter2-hunter2';
    const yaml = [
      `dsn: mysql://root:${secret}@db/x`,
      `secrets: { default: ['${secret}'], cookie: { a: ${secret} } }`,
      `courier: { smtp: { connection_uri: 'http://${secret}', headers: [${secret}] } }`,
      `session: { lifespan: ${secret}, cookie: { name: '${secret};' } }`,
      `selfservice: { default_browser_return_url: '${secret}', methods: { oidc: { config: { providers: [{ id: '${secret}!', client_secret: [${secret}] }] } } } }`,
      `identity: { schemas: [{ id: a, url: 'ftp://${secret}' }, { id: b, url: 'base64://${secret}!' }, { id: c, url: 'file:///${secret}' }] }`,
      `hashers: { argon2: { memory: ${secret} }, algorithm: ${secret} }`,
      `serve: { public: { base_url: 'http://${secret}@host', port: ${secret} } }`,
    ];
    const problems = await problemsOf({ yaml, env: { REGAIN_PURGE_SCHEDULE: secret, SECRETS_CIPHER: `[${secret}` } });
    expect(problems.length).toBeGreaterThan(15);
    expect(new ConfigurationError(problems).message).not.toContain('hunter2');
  });

  test('the error names every path', async () => {
    const failure = load({ yaml: ['dsn: 5\nport: 4'] });
    await expect(failure).rejects.toThrow(ConfigurationError);
    await expect(failure).rejects.toThrow(/ {2}dsn: must be a string\n {2}dsn|port: is an unknown key/);
  });

  test('reports a wrong value once', async () => {
    expect(await complaintsOf({ yaml: ['dsn: 5'] })).toEqual(['dsn: must be a string']);
  });

  test('treats an empty key as a missing key', async () => {
    const { session, courier } = await load({ yaml: ['session:\ncourier: { smtp: { connection_uri: } }'] });
    expect(session.lifespan.toString()).toBe('24h0m0s');
    expect(courier.smtp.connection_uri).toBeUndefined();
  });

  test('freezes the configuration', async () => {
    const { session, selfservice, schemas } = await load({});
    for (const part of [session, session.cookie, selfservice.allowed_return_urls, schemas[0]?.raw])
      expect(Object.isFrozen(part)).toBe(true);
  });

  test('derives values from other keys', async () => {
    const yaml = [
      `serve: { public: { base_url: 'https://id.example/kratos/' } }
cookies: { path: /kratos, same_site: Strict, domain: id.example }
session: { cookie: { same_site: Lax } }
secrets: { cookie: [a-cookie-secret-of-some-length] }
selfservice:
  allowed_return_urls: [/inside]
  flows: { settings: { ui_url: /settings }, logout: { after: { default_browser_return_url: /bye } } }`,
    ];
    const { serve, session, secrets, selfservice } = await load({ yaml });
    expect(serve.public.base_url).toBe('https://id.example/kratos');
    expect(session.cookie).toMatchObject({ path: '/kratos', domain: 'id.example', same_site: 'Lax' });
    expect(secrets.default).toEqual(['a-cookie-secret-of-some-length']);
    expect(secrets.cipher).toEqual(['a-cookie-secret-of-some-length']);
    expect(selfservice.default_browser_return_url).toBe('https://id.example/kratos/ui/welcome');
    expect(selfservice.allowed_return_urls).toEqual(['https://id.example/inside']);
    expect(selfservice.flows.settings.ui_url).toBe('https://id.example/settings');
    expect(selfservice.flows.logout.after.default_browser_return_url).toBe('https://id.example/bye');
  });

  test('dev comes from a file or the command line, never from the environment', async () => {
    expect((await load({ env: { DEV: 'true' } })).root.dev).toBe(false);
    expect((await load({ dev: true })).root.dev).toBe(true);
    expect((await load({ yaml: ['dev: true'] })).root.dev).toBe(true);
  });

  test.each([
    ['19MB', 19_456],
    ['65536KB', 65_536],
    ['1GB', 1_048_576],
    ['131072B', 128],
  ])('a memory of %s is %s KiB', async (text, kibibytes) => {
    const { hashers } = await load({ yaml: [`hashers: { argon2: { memory: ${text} } }`] });
    expect(hashers.argon2.memory).toBe(kibibytes);
  });

  test.each(['19', '19 MB', 'MB', '1B'])('a memory of %s is refused', async (text) => {
    const found = await problemsOf({ yaml: [`hashers: { argon2: { memory: ${text} } }`] });
    expect(found.map(({ path }) => path)).toEqual(['hashers.argon2.memory']);
  });

  test.each([
    [131_072, '128MB'],
    [1_024, '1MB'],
  ])('reads a memory of %s without a unit as KiB, with a warning', async (number, unit) => {
    const { hashers, warnings } = await load({ yaml: [`hashers: { argon2: { memory: ${number} } }`] });
    expect(hashers.argon2.memory).toBe(number);
    expect(warnings).toEqual([`hashers.argon2.memory: a bare number is read as KiB; write ${unit}`]);
  });

  test('none removes the limit on links and is invalid elsewhere', async () => {
    const { regain } = await load({ yaml: ['regain: { recovery: { max_expires_in: none } }'] });
    expect(regain.recovery.max_expires_in).toBeNull();
    expect(await complaintsOf({ yaml: ['session: { lifespan: none }'] })).toEqual([
      'session.lifespan: must be a duration such as 12h, 1h30m or 500ms',
    ]);
  });

  test.each(['0s', '-1h'])('a lifespan of %s is refused', async (lifespan) => {
    expect(await complaintsOf({ yaml: [`session: { lifespan: '${lifespan}' }`] })).toEqual([
      'session.lifespan: must be greater than 0',
    ]);
  });
});
