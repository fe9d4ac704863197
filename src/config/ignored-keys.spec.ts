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
  test('leaves a key, or all of a section, to Kratos and names each', async () => {
    const yaml = [
      'selfservice: { flows: { registration: { enabled: true, ui_url: https://x.example }, verification: { enabled: true } } }',
      ignoring('selfservice.flows.registration', 'selfservice.flows.verification.enabled'),
    ];
    expect((await load({ yaml })).warnings).toEqual([
      'selfservice.flows.registration is left to Kratos (regain.ignore): Regain registers nobody',
      'selfservice.flows.verification.enabled is left to Kratos (regain.ignore): Regain verifies no addresses',
    ]);
  });

  test('says nothing of what the files do not ask for', async () => {
    expect((await load({ yaml: [ignoring('oauth2_provider', 'selfservice.methods.passkey')] })).warnings).toEqual([]);
  });

  test('only the named key: its neighbours still stop the start', async () => {
    const yaml = [
      'serve: { public: { socket: { mode: 432 } }, admin: { socket: { mode: 432 } } }',
      ignoring('serve.public.socket'),
    ];
    expect(await complaintsOf({ yaml })).toEqual(['serve.admin.socket: Regain listens on TCP only; remove it']);
  });

  test('of hooks, says that what they would stop is not stopped, and runs those that Regain has', async () => {
    const { warnings, selfservice } = await load({ yaml: [HOOKS, ignoring('selfservice.flows.login.after.hooks')] });
    expect(warnings).toEqual([
      'selfservice.flows.login.after.hooks is left to Kratos (regain.ignore): here its hooks are not called, and what they would stop is not stopped',
    ]);
    expect(selfservice.flows.login.after.hooks.map(({ hook }) => hook)).toEqual(['revoke_active_sessions']);
  });

  test('comes from the environment, too, and covers what the environment asks for', async () => {
    const env = { REGAIN_IGNORE: 'oauth2_provider', OAUTH2_PROVIDER_URL: 'http://hydra:4445' };
    const { warnings, environment_keys } = await load({ env });
    expect(warnings).toEqual([
      'oauth2_provider is left to Kratos (regain.ignore): Regain is no login provider for OAuth2',
    ]);
    expect(environment_keys).toEqual(['oauth2_provider.url', 'regain.ignore']);
  });

  test.each([
    ['dsn', 'names something that Regain reads: change the key itself, in a file that comes later'],
    ['secrets', 'names something that Regain reads: change the key itself, in a file that comes later'],
    ['selfservice', 'names a second factor: regain.recovery.second_factor says what becomes of people who have one'],
    ['selfservice.flows.login', 'names something that Regain reads: change the key itself, in a file that comes later'],
    ['selfservice.flows', 'names something that Regain reads: change the key itself, in a file that comes later'],
    ['session.lifespan.x', 'names something that Regain reads: change the key itself, in a file that comes later'],
    ['regain.recovery', 'names something that Regain reads: change the key itself, in a file that comes later'],
    [
      'selfservice.methods.totp',
      'names a second factor: regain.recovery.second_factor says what becomes of people who have one',
    ],
    [
      'selfservice.methods.code.mfa_enabled',
      'names a second factor: regain.recovery.second_factor says what becomes of people who have one',
    ],
    ['selfservice.flows.registartion', 'names no key that Kratos has; did you mean registration?'],
    ['nonsense.here', 'names no key that Kratos has'],
    ['selfservice.flows.*', 'names no key that Kratos has'],
    ['', 'names no key that Kratos has'],
  ])('%s cannot be ignored', async (entry, rule) => {
    expect(await complaintsOf({ yaml: [ignoring(entry)] })).toEqual([`regain.ignore[0]: ${rule}`]);
  });

  test('must be a list of texts', async () => {
    expect(await complaintsOf({ yaml: ['regain: { ignore: all }'] })).toEqual([
      'regain.ignore: must be a list of texts',
    ]);
    expect(await complaintsOf({ yaml: ['regain: { ignore: [5] }'] })).toEqual([
      'regain.ignore: must be a list of texts',
    ]);
  });
});
