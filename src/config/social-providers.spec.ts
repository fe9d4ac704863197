import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { load, problemsOf } from '../../test/support/configuration-files.js';
import { SOCIAL_PROVIDERS } from './sections/oidc.config.js';

const AT = 'selfservice.methods.oidc.config.providers[0]';
const BASE = { id: 'it', client_id: 'client', client_secret: 'secret' };
const EXTRA: Record<string, object> = {
  generic: { issuer_url: 'https://login.example.com' },
  auth0: { issuer_url: 'https://example.eu.auth0.com' },
  microsoft: { microsoft_tenant: 'common' },
  apple: {
    apple_team_id: 'TEAM',
    apple_private_key_id: 'KEY',
    apple_private_key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }),
  },
};
const yamlOf = (provider: object): string =>
  JSON.stringify({ selfservice: { methods: { oidc: { enabled: true, config: { providers: [provider] } } } } });

test.each(SOCIAL_PROVIDERS)('%s is known', async (provider) => {
  const loaded = await load({ yaml: [yamlOf({ ...BASE, provider, ...EXTRA[provider] })] });
  expect(loaded.selfservice.methods.oidc.config.providers.map((each) => each.provider)).toEqual([provider]);
});

test.each(['vk', 'yandex', 'spotify', 'dingtalk', 'something', 'constructor'])(
  '%s stops the start with its path and advice',
  async (provider) => {
    const [problem, ...others] = await problemsOf({ yaml: [yamlOf({ ...BASE, provider })] });
    expect([problem?.path, others]).toEqual([`${AT}.provider`, []]);
    expect(problem?.message).toMatch(
      /^must be one of generic, google, .* for any other OpenID Connect provider, use generic$/,
    );
  },
);

test.each(['not a key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'])(
  'an invalid key stops the start and is not printed: %j',
  async (key) => {
    const provider = { ...BASE, provider: 'apple', ...EXTRA['apple'], apple_private_key: key };
    expect(await problemsOf({ yaml: [yamlOf(provider)] })).toEqual([
      { path: `${AT}.apple_private_key`, message: 'must be a private key in PEM, as issued by Apple' },
    ]);
  },
);
