import { describe, expect, test } from 'vitest';
import { complaintsOf, load } from '../../../test/support/configuration-files.js';
import { endsOtherSessions } from './hooks.config.js';

const REVOKE = 'hooks: [{ hook: revoke_active_sessions }]';
const at = (flow: string, after: string) => `selfservice: { flows: { ${flow}: { after: { ${after} } } } }`;
const NO_ADDRESSES = 'Regain does not verify addresses';

describe('hooks after a flow', () => {
  test.each([
    ['recovery', REVOKE],
    ['settings', `${REVOKE}, password: { ${REVOKE} }, profile: { ${REVOKE} }, oidc: { ${REVOKE} }`],
    ['login', `${REVOKE}, password: { ${REVOKE} }, oidc: { ${REVOKE} }`],
  ])('of %s: accepts revoke_active_sessions', async (flow, after) => {
    expect(await complaintsOf({ yaml: [at(flow, after)] })).toEqual([]);
  });

  test.each([
    ['web_hook', 'Regain does not call webhooks; remove it and read the audit events instead'],
    ['session', 'it signs people in after registration, which Regain does not support; remove it'],
    ['show_verification_ui', `${NO_ADDRESSES}; remove it`],
    ['verification', `${NO_ADDRESSES}; remove it`],
    ['require_verified_address', `${NO_ADDRESSES}, so nobody could sign in; remove it`],
    ['two_step_registration', 'Regain does not support registration; remove it'],
    ['organization', 'it exists only in the Ory Network; remove it'],
    ['b2b_sso', 'it exists only in the Ory Network; remove it'],
  ])('%s stops the start with its path, without its configuration', async (hook, why) => {
    const hooks = `hooks: [{ hook: revoke_active_sessions }, { hook: ${hook}, config: { url: https://x.example/s3cret } }]`;
    for (const flow of ['recovery', 'settings', 'login'])
      expect(await complaintsOf({ yaml: [at(flow, hooks)] })).toEqual([
        `selfservice.flows.${flow}.after.hooks[1].hook: is ${hook}: ${why}`,
      ]);
    expect(await complaintsOf({ yaml: [at('settings', `password: { ${hooks} }`)] })).toEqual([
      `selfservice.flows.settings.after.password.hooks[1].hook: is ${hook}: ${why}`,
    ]);
  });

  test.each(['revoke_all_sessions', 'constructor', 'S3CRET'])('does not print the unknown hook %s', async (hook) => {
    expect(await complaintsOf({ yaml: [at('recovery', `hooks: [{ hook: ${hook} }]`)] })).toEqual([
      'selfservice.flows.recovery.after.hooks[0].hook: must be revoke_active_sessions, the only hook that Regain runs',
    ]);
  });

  test('reports a hook that is not a string', async () => {
    expect(await complaintsOf({ yaml: [at('recovery', 'hooks: [{ hook: 5 }]')] })).toEqual([
      'selfservice.flows.recovery.after.hooks[0].hook: must be a string',
    ]);
  });

  test('ignores hooks of unsupported methods', async () => {
    const { warnings } = await load({ yaml: [at('settings', 'totp: { hooks: [{ hook: web_hook }] }')] });
    expect(warnings).toEqual([
      'selfservice.flows.settings.after.totp.hooks has no effect: Regain does not support this method',
    ]);
  });
});

describe('which hooks apply', () => {
  const none = { hooks: [] };
  const revoke = { hooks: [{ hook: 'revoke_active_sessions' }] };

  test.each([
    ['neither has any', none, none, false],
    ['the flow has one', revoke, none, true],
    ['the method has one', none, revoke, true],
    ['there is no method', revoke, undefined, true],
  ])('%s', (_name, flow, method, ends) => {
    expect(endsOtherSessions(flow, method)).toBe(ends);
  });

  test('only the method’s, if it has any', () => {
    expect(endsOtherSessions(revoke, { hooks: [{ hook: 'another' }] })).toBe(false);
  });
});
