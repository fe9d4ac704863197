import { describe, expect, test } from 'vitest';
import { complaintsOf, load } from '../../test/support/configuration-files.js';
import { KRATOS_KEYS } from './kratos-keys.table.js';

/** A file that sets one key; a star becomes a name. */
function yamlFor(path: string, value: unknown): string {
  const tree = path
    .replaceAll('*', 'ui_url')
    .split('.')
    .reduceRight<unknown>((below, name) => {
      const entry = { [name]: below };
      return name === 'providers' || name === 'schemas' ? { [name]: [below] } : entry;
    }, value);
  return JSON.stringify(tree);
}

const REFUSED = KRATOS_KEYS.filter(({ refuse }) => refuse !== undefined);
const IGNORED = KRATOS_KEYS.filter(
  ({ path, ignore }) =>
    ignore !== undefined && !/^(identity\.schemas|selfservice\.methods\.oidc\.config\.providers)\./.test(path),
);

describe("Kratos' keys", () => {
  test.each(REFUSED)('$path stops the start with a reason', async ({ path, refuse }) => {
    const [complaint, ...more] = await complaintsOf({ yaml: [yamlFor(path, 'asked')] });
    expect([complaint, more]).toEqual([`${path.replaceAll('*', 'ui_url')}: ${refuse}`, []]);
  });

  test.each(REFUSED)('$path is accepted if it is off', async ({ path }) => {
    const off = path === 'courier.delivery_strategy' ? 'smtp' : false;
    expect(await complaintsOf({ yaml: [yamlFor(path, off)] })).toEqual([]);
  });

  test.each(IGNORED)('$path is accepted with one warning', async ({ path, ignore }) => {
    const at = path.replaceAll('*', 'ui_url');
    const { warnings } = await load({ yaml: [yamlFor(path, { nested: 'one', other: 'two' })] });
    expect(warnings).toEqual([`${at} has no effect: ${ignore}`]);
  });

  test('a mapper is accepted with one warning per provider', async () => {
    const provider = '{ id: a, provider: github, client_id: c, client_secret: s, mapper_url: base64://x }';
    const { warnings } = await load({
      yaml: [`selfservice: { methods: { oidc: { config: { providers: [${provider}] } } } }`],
    });
    expect(warnings).toEqual([
      'selfservice.methods.oidc.config.providers[0].mapper_url has no effect: Regain takes only the subject from a provider',
    ]);
  });

  const MORE = 'must be aal1 or highest_available: Regain cannot check second factors, so nobody could reach more';
  test.each([
    ['session: { whoami: { required_aal: aal2 } }', 'session.whoami.required_aal'],
    ['selfservice: { flows: { settings: { required_aal: aal2 } } }', 'selfservice.flows.settings.required_aal'],
  ])('%s stops the start', async (yaml, path) => {
    expect(await complaintsOf({ yaml: [yaml] })).toEqual([`${path}: ${MORE}`]);
    expect(await complaintsOf({ yaml: [yaml.replace('aal2', 'highest_available')] })).toEqual([]);
  });

  test('hooks before a flow stop the start', async () => {
    const hooks = 'hooks: [{ hook: web_hook, config: { url: https://x.example, method: POST } }]';
    const yaml = [`selfservice: { flows: { login: { before: { ${hooks} } } } }`];
    expect(await complaintsOf({ yaml })).toEqual([
      'selfservice.flows.login.before.hooks: Regain does not run hooks before a flow; remove them',
    ]);
  });

  test('an unknown key stops the start at any depth, with a suggestion if one is similar', async () => {
    const yaml = [
      'sesion: {}\nselfservice: { methods: { pasword: {}, totp: { digits: 6 }, link: { config: { ttl: 1h } } } }',
    ];
    expect(await complaintsOf({ yaml })).toEqual([
      'selfservice.methods.link.config.ttl: is an unknown key',
      'selfservice.methods.pasword: is an unknown key; did you mean password?',
      'selfservice.methods.totp.digits: is an unknown key',
      'sesion: is an unknown key; did you mean session?',
    ]);
  });

  test('reports a section that is not a map', async () => {
    const yaml = [
      'session: 5\nidentity: { schemas: { a: b } }\nselfservice: { methods: { totp: on, oidc: { config: { providers: [x] } } } }',
    ];
    const complaints = await complaintsOf({ yaml });
    expect(complaints.filter((line) => line.includes('must be a'))).toEqual([
      'identity.schemas: must be a list',
      'selfservice.methods.oidc.config.providers[0]: must be a map of keys',
      'selfservice.methods.totp: must be a map of keys',
      'session: must be a map of keys',
    ]);
  });
});
