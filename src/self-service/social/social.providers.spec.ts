import { expect, test } from 'vitest';
import { answering, configOf, openId } from '../../../test/support/documented-provider.js';
import { ClientsConfig, RegainConfig, SelfServiceConfig } from '../../config/index.js';
import { Clock } from '../../platform/clock/index.js';
import { Outbound } from '../../platform/outbound/index.js';
import { SocialProviders } from './social.providers.js';

const ISSUER = 'https://login.example.com';
const METADATA = {
  authorization_endpoint: 'https://people.example.net/authorize',
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/jwks`,
};

function providersOf(pkce: 'auto' | 'never' | 'force', documented = openId(ISSUER, METADATA, { sub: 's-1' })) {
  const selfservice = new SelfServiceConfig();
  const provider = configOf({ provider: 'generic', issuer_url: ISSUER, pkce });
  const oidc = { enabled: true, config: { ...selfservice.methods.oidc.config, providers: [provider] } };
  const outbound = Object.assign(new Outbound(), answering(documented));
  return new SocialProviders(
    { ...selfservice, methods: { ...selfservice.methods, oidc } },
    new ClientsConfig(),
    new RegainConfig(),
    outbound,
    new Clock(),
  );
}

/**
 * Regression: with `force` and `never`, nobody asked the provider, and the browser did not follow the redirect to
 * another origin.
 */
test.each(['auto', 'never', 'force'] as const)(
  'the first page knows where people are redirected; PKCE %s',
  async (pkce) => {
    expect(await providersOf(pkce).formTargets()).toEqual(['https://people.example.net', ISSUER]);
  },
);

test('if a provider is unreachable, the page uses what is known', async () => {
  expect(await providersOf('force', {}).formTargets()).toEqual([ISSUER]);
});
