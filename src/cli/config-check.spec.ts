import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BARE, LEAST as NO_TRAITS, temporaryFolder } from '../../test/support/configuration-files.js';
import { runConfigCheck } from './config-check.js';

const inBase64 = (schema: object): string => Buffer.from(JSON.stringify(schema)).toString('base64');
const EMAIL = { type: 'string', 'ory.sh/kratos': { credentials: { password: { identifier: true } } } };
const withTraits = (yaml: string, properties: object = { email: EMAIL }): string =>
  yaml.replace('e30K', inBase64({ properties: { traits: { type: 'object', properties } } }));
const [LEAST, BARE_TRAITS] = [withTraits(NO_TRAITS), withTraits(BARE)];

async function check(yaml: string, format: 'text' | 'json', env: Record<string, string> = {}, dev = false) {
  const file = join(await temporaryFolder(), 'kratos.yml');
  await writeFile(file, yaml);
  const lines: string[] = [];
  const io = { out: (line: string) => lines.push(`out ${line}`), err: (line: string) => lines.push(`err ${line}`) };
  const code = await runConfigCheck({ files: [file], dev, format, env }, { out: io.out, err: io.err });
  return { code, lines };
}

describe('regain config check', () => {
  test('confirms a valid configuration and lists warnings, deviations and environment keys', async () => {
    const yaml = `${LEAST}\nregain: { recovery: { redeem_on: get, hand_over: false } }\ntracing: { provider: otel }`;
    expect(await check(yaml, 'text', { LOG_LEVEL: 'error' })).toEqual({
      code: 0,
      lines: [
        'err warning: tracing has no effect: Regain does not send traces',
        'out as in Kratos: regain.recovery.redeem_on: opening a link uses it up, and mail scanners open links',
        'out as in Kratos: regain.recovery.hand_over: the old password and connected accounts keep working during and after a recovery',
        'out from the environment: log.level',
        'out The configuration is valid.',
      ],
    });
  });

  test('names schemas without a password identifier, if passwords are enabled', async () => {
    const warning = expect.stringMatching(/^err warning: nobody can set a password .* schemas: person\. /);
    expect((await check(withTraits(NO_TRAITS, {}), 'text')).lines).toEqual([
      warning,
      'out The configuration is valid.',
    ]);
    const off = `${withTraits(BARE, {})}\nselfservice: { methods: { password: { enabled: false } } }`;
    expect((await check(off, 'text')).lines).not.toContainEqual(warning);
  });

  test('lists every problem and fails', async () => {
    expect(await check(`${LEAST}\nlog: { level: hunter2 }\nsecret: hunter2`, 'text')).toEqual({
      code: 1,
      lines: [
        'err problem: log.level: must be one of trace, debug, info, warning, error, fatal, panic',
        'err problem: secret: is an unknown key; did you mean secrets?',
        'err The configuration is invalid: 2 to fix.',
      ],
    });
  });

  test('prints the same as one line of JSON', async () => {
    const { code, lines } = await check('dsn: hunter2', 'json');
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]?.replace(/^out /, '') ?? '')).toEqual({
      ok: false,
      problems: [
        { path: 'dsn', message: 'must start with postgres://, or be embedded or memory' },
        { path: 'identity.schemas', message: 'must list at least one schema' },
      ],
      warnings: [expect.stringMatching(/^selfservice\.flows\.recovery\.enabled: is false/)],
      deviations: [],
      environment_keys: [],
    });
  });

  test('checks the directory of mail templates', async () => {
    const { code, lines } = await check(`${LEAST}\ncourier: { template_override_path: /nowhere/mail }`, 'text');
    expect(code).toBe(1);
    expect(lines[0]).toBe(
      'err problem: courier.template_override_path: /nowhere/mail cannot be read (ENOENT): set a directory that the server can read, or remove the key',
    );
  });

  test('checks the client certificate for the mail server', async () => {
    const smtp = `connection_uri: 'smtp://127.0.0.1:25/', client_cert_path: /nowhere/a.pem, client_key_path: /nowhere/b.pem`;
    const { code, lines } = await check(`${LEAST}\ncourier: { smtp: { ${smtp} } }`, 'text');
    expect(code).toBe(1);
    expect(lines).toEqual([
      'err problem: courier.smtp.client_cert_path: cannot be read (ENOENT)',
      'err problem: courier.smtp.client_key_path: cannot be read (ENOENT)',
      'err The configuration is invalid: 2 to fix.',
    ]);
    const byHttp = `delivery_strategy: http, http: { request_config: { url: 'https://mail.example' } }`;
    expect((await check(`${LEAST}\ncourier: { smtp: { ${smtp} }, ${byHttp} }`, 'text')).code).toBe(0);
  });

  test('reports everything at once, with warnings: files, schemas, certificates, templates, cookies', async () => {
    const yaml = `
dsn: memory
identity:
  default_schema_id: a
  schemas:
    - { id: a, url: 'base64://${inBase64({ properties: { traits: { type: 'strin' } } })}' }
    - { id: b, url: 'file://./not-there.json' }
serve: { public: { port: 0, tls: { cert: { path: /nowhere/a.pem }, key: { path: /nowhere/b.pem } } } }
courier: { template_override_path: /nowhere/mail, smtp: { connection_uri: 'smtp://127.0.0.1:25/', client_cert_path: /nowhere/c.pem, client_key_path: /nowhere/d.pem } }
cookies: { domain: 'http://example.com' }
session: { cookie: { name: __Host-session, domain: example.com } }
secrets: { cookie: ['\${COOKIE_SECRET}'] }
log: { levell: info }
tracing: { provider: otel }
hashers: { argon2: { memory: 1KB } }`;
    const { code, lines } = await check(yaml, 'json');
    const { problems, warnings } = JSON.parse(lines[0]!.slice('out '.length)) as {
      problems: { path: string }[];
      warnings: string[];
    };
    expect(code).toBe(1);
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'cookies.domain',
      'courier.smtp.client_cert_path',
      'courier.smtp.client_key_path',
      'courier.template_override_path',
      'identity.schemas (id a)',
      'identity.schemas[1].url',
      'log.levell',
      'secrets.cookie',
      'serve.public.port',
      'serve.public.tls.cert.path',
      'serve.public.tls.key.path',
      'session.cookie.name',
    ]);
    expect(warnings.map((line) => line.split(/[: ]/)[0]).sort()).toEqual([
      'hashers.argon2.memory',
      'selfservice.flows.recovery.enabled',
      'session.cookie.domain',
      'tracing',
    ]);
  });

  test('an unreadable file does not hide other mistakes', async () => {
    const folder = await temporaryFolder();
    const [broken, wrong] = [join(folder, 'broken.yml'), join(folder, 'wrong.yml')];
    await writeFile(broken, 'a: [');
    await writeFile(wrong, 'log: { level: loud }\nsecrett: x');
    const lines: string[] = [];
    const io = { out: (line: string) => lines.push(line), err: (line: string) => lines.push(line) };
    await runConfigCheck({ files: [broken, wrong, 'kratos.toml'], dev: false, format: 'text', env: {} }, io);
    const paths = lines.filter((line) => line.startsWith('problem: ')).map((line) => line.split(': ')[1]);
    expect(paths.sort()).toEqual([broken, 'kratos.toml', 'log.level', 'secrett'].sort());
    expect(lines.join('\n')).toContain('is TOML; Regain reads YAML and JSON, so convert it');
  });

  test('honours --dev', async () => {
    const yaml = `${LEAST}\nserve: { public: { base_url: http://id.example } }`;
    expect((await check(yaml, 'json')).code).toBe(1);
    expect((await check(yaml, 'json', {}, true)).code).toBe(0);
  });

  test('refuses a broken identity schema, as serve does', async () => {
    const broken = NO_TRAITS.replace('e30K', inBase64({ properties: { traits: { type: 'strin' } } }));
    const { code, lines } = await check(broken, 'text');
    expect(code).toBe(1);
    expect(lines[0]).toMatch(/^err problem: identity\.schemas \(id person\): is not a valid JSON schema: /);
    expect(lines[1]).toBe('err The configuration is invalid: 1 to fix.');
  });

  test('shows how to leave keys to Kratos', async () => {
    const yaml = `${BARE_TRAITS}
selfservice:
  flows:
    verification: { enabled: true }
    login: { after: { hooks: [{ hook: web_hook, config: { url: 'https://hunter2.example', method: POST } }] } }`;
    const { code, lines } = await check(yaml, 'text');
    expect(code).toBe(1);
    expect(lines).toContain(
      'err To leave these keys to Kratos, add to your file: regain: { ignore: [selfservice.flows.login.after.hooks, selfservice.flows.verification.enabled] }',
    );
    expect(lines.join()).not.toContain('hunter2');
  });
});
