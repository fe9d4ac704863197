import { createPrivateKey } from 'node:crypto';
import type { Problem } from '../config.errors.js';
import type { OidcProvider } from '../sections/oidc.config.js';
import type { Rule } from './rule.js';

export const methodsRule: Rule = ({ selfservice: { methods }, hashers }) => {
  const problems: Problem[] = [];
  const warnings: string[] = [];
  const ids = new Set<string>();
  const { enabled, config } = methods.oidc;
  for (const [index, provider] of config.providers.entries()) {
    if (!enabled) break; // a disabled provider may be incomplete
    const path = `selfservice.methods.oidc.config.providers[${index}]`;
    for (const name of missingFrom(provider)) problems.push({ path: `${path}.${name}`, message: 'is missing' });
    if (provider.apple_private_key && !isPrivateKey(provider.apple_private_key))
      problems.push({ path: `${path}.apple_private_key`, message: 'must be a private key in PEM, as issued by Apple' });
    if (provider.id !== '' && ids.has(provider.id)) problems.push({ path: `${path}.id`, message: 'must be unique' });
    ids.add(provider.id);
    if (provider.provider !== 'apple' && !provider.client_secret)
      warnings.push(`${path}.client_secret: is missing, so the provider must treat Regain as a public client`);
  }
  if (hashers.algorithm === 'bcrypt' && hashers.bcrypt.cost < 12)
    warnings.push('hashers.bcrypt.cost: a cost below 12 makes stolen hashes cheap to guess');
  return { problems, warnings };
};

function missingFrom(provider: OidcProvider): string[] {
  const own =
    provider.provider === 'apple' ? (['apple_team_id', 'apple_private_key_id', 'apple_private_key'] as const) : [];
  const tenant = provider.provider === 'microsoft' ? (['microsoft_tenant'] as const) : [];
  const issuer = ['generic', 'auth0'].includes(provider.provider) ? (['issuer_url'] as const) : [];
  const needed = ['id', 'provider', 'client_id', ...own, ...tenant, ...issuer] as const;
  return needed.filter((name) => provider[name] === undefined || provider[name] === '');
}

/** Accepts `\\n` for line breaks, for environment variables. */
function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem.replaceAll('\\n', '\n')).asymmetricKeyType === 'ec';
  } catch {
    return false;
  }
}
