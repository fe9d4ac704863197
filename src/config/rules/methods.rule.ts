import { createPrivateKey } from 'node:crypto';
import type { Problem } from '../config.errors.js';
import type { OidcProvider } from '../sections/oidc.config.js';
import type { Rule } from './rule.js';

export const methodsRule: Rule = ({ selfservice: { methods, flows }, hashers, cookies, session }) => {
  const problems: Problem[] = [];
  const warnings: string[] = [];
  const ids = new Set<string>();
  for (const [index, provider] of methods.oidc.config.providers.entries()) {
    const path = `selfservice.methods.oidc.config.providers[${index}]`;
    for (const name of missingFrom(provider)) problems.push({ path: `${path}.${name}`, message: 'is missing' });
    if (provider.apple_private_key && !isPrivateKey(provider.apple_private_key))
      problems.push({ path: `${path}.apple_private_key`, message: 'must be a private key in PEM, as Apple gives it' });
    if (provider.id !== '' && ids.has(provider.id))
      problems.push({ path: `${path}.id`, message: 'must differ from the ids before it' });
    ids.add(provider.id);
  }
  if (flows.recovery.enabled && !methods[flows.recovery.use].enabled)
    warnings.push(`selfservice.flows.recovery.use: the method is off, so nobody can ask for recovery by themselves`);
  if (hashers.algorithm === 'bcrypt' && hashers.bcrypt.cost < 12)
    warnings.push('hashers.bcrypt.cost: less than 12 makes stolen hashes cheap to guess');
  for (const [path, { same_site }] of [['cookies', cookies] as const, ['session.cookie', session.cookie] as const])
    if (same_site === 'None' && cookies.secure === false)
      problems.push({ path: `${path}.same_site`, message: 'None needs cookies.secure: browsers refuse it otherwise' });
  return { problems, warnings };
};

function missingFrom(provider: OidcProvider): string[] {
  const own =
    provider.provider === 'apple'
      ? (['apple_team_id', 'apple_private_key_id', 'apple_private_key'] as const)
      : (['client_secret'] as const);
  const tenant = provider.provider === 'microsoft' ? (['microsoft_tenant'] as const) : [];
  const issuer = ['generic', 'auth0'].includes(provider.provider) ? (['issuer_url'] as const) : [];
  const needed = ['id', 'provider', 'client_id', ...own, ...tenant, ...issuer] as const;
  return needed.filter((name) => provider[name] === undefined || provider[name] === '');
}

/** Line breaks may be written out, as environment variables need them. */
function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem.replaceAll('\\n', '\n')).asymmetricKeyType === 'ec';
  } catch {
    return false;
  }
}
