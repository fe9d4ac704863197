import { describe, expect, test } from 'vitest';
import { complaintsOf, load } from '../../test/support/configuration-files.js';

const ignoring = (...paths: string[]): string => JSON.stringify({ regain: { ignore: paths } });
const HOOKS = `
selfservice:
  flows:
    login:
      after:
        hooks: [{ hook: web_hook, config: { url: https://x.example } }, { hook: revoke_active_sessions }]`;

describe('regain.ignore', () => {
  test('leaves keys and whole sections to Kratos, and names each', async () => {
    const yaml = [
      'selfservice: { flows: { registration: { enabled: true, ui_url: https://x.example }, verification: { enabled: true } } }',
      ignoring('selfservice.flows.registration', 'selfservice.flows.verification.enabled'),
    ];
    expect((await load({ yaml })).warnings).toEqual([
      'selfservice.flows.registration is left to Kratos (regain.ignore): Regain does not support registration',
      'selfservice.flows.verification.enabled is left to Kratos (regain.ignore): Regain does not verify addresses',
    ]);
  });

  test('does not warn about entries that remove nothing', async () => {
    expect((await load({ yaml: [ignoring('oauth2_provider', 'selfservice.methods.passkey')] })).warnings).toEqual([]);
  });

  test('covers only the named key; its siblings still stop the start', async () => {
    const yaml = [
      'serve: { public: { socket: { mode: 432 } }, admin: { socket: { mode: 432 } } }',
      ignoring('serve.public.socket'),
    ];
    expect(await complaintsOf({ yaml })).toEqual(['serve.admin.socket: Regain listens on TCP only; remove it']);
  });

  test('warns that ignored hooks block nothing, and keeps the supported hook', async () => {
    const { warnings, selfservice } = await load({ yaml: [HOOKS, ignoring('selfservice.flows.login.after.hooks')] });
    expect(warnings).toEqual([
      'selfservice.flows.login.after.hooks is left to Kratos (regain.ignore): Regain does not call these hooks, so whatever they would block is not blocked',
    ]);
    expect(selfservice.flows.login.after.hooks.map(({ hook }) => hook)).toEqual(['revoke_active_sessions']);
  });

  test('works from the environment, and for keys set in the environment', async () => {
    const env = { REGAIN_IGNORE: 'oauth2_provider', OAUTH2_PROVIDER_URL: 'http://hydra:4445' };
    const { warnings, environment_keys } = await load({ env });
    expect(warnings).toEqual([
      'oauth2_provider is left to Kratos (regain.ignore): Regain is not an OAuth2 login provider',
    ]);
    expect(environment_keys).toEqual(['oauth2_provider.url', 'regain.ignore']);
  });

  test.each([
    ['dsn', 'is read by Regain: set the key itself in a later file'],
    ['secrets', 'is read by Regain: set the key itself in a later file'],
    ['selfservice', 'is a second factor: set regain.recovery.second_factor instead'],
    ['selfservice.flows.login', 'is read by Regain: set the key itself in a later file'],
    ['selfservice.flows', 'is read by Regain: set the key itself in a later file'],
    ['session.lifespan.x', 'is read by Regain: set the key itself in a later file'],
    ['regain.recovery', 'is read by Regain: set the key itself in a later file'],
    ['selfservice.methods.totp', 'is a second factor: set regain.recovery.second_factor instead'],
    ['selfservice.methods.code.mfa_enabled', 'is a second factor: set regain.recovery.second_factor instead'],
    ['selfservice.flows.registartion', 'is not a key of Kratos; did you mean registration?'],
    ['nonsense.here', 'is not a key of Kratos'],
    ['selfservice.flows.*', 'is not a key of Kratos'],
    ['', 'is not a key of Kratos'],
  ])('%s cannot be ignored', async (entry, rule) => {
    expect(await complaintsOf({ yaml: [ignoring(entry)] })).toEqual([`regain.ignore[0]: ${rule}`]);
  });

  test('must be a list of strings', async () => {
    expect(await complaintsOf({ yaml: ['regain: { ignore: all }'] })).toEqual([
      'regain.ignore: must be a list of strings',
    ]);
    expect(await complaintsOf({ yaml: ['regain: { ignore: [5] }'] })).toEqual([
      'regain.ignore: must be a list of strings',
    ]);
  });
});
