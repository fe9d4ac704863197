import type { Problem } from '../config.errors.js';
import type { Rule } from './rule.js';

const SHORTEST = 16;

/** Published example secrets from documentation and charts, also truncated to a cipher's 32 characters. */
const EXAMPLES = [
  'PLEASE-CHANGE-ME',
  '32-LONG-SECRET-NOT-SECURE',
  'IPSUMIPSUMIPSUMI',
  'DOLORE OCCAECAT NOSTRUD UT',
  'SIT ET COMMODOAUTE UT VOLUPTATE CONSECTETUR DUIS',
];

export const secretsRule: Rule = ({ dev, secrets }) => {
  const problems: Problem[] = [];
  for (const name of ['default', 'cookie', 'cipher'] as const)
    for (const [index, secret] of secrets[name].entries()) {
      const path = `secrets.${name}[${index}]`;
      if (secret.length < SHORTEST) problems.push({ path, message: `must be at least ${SHORTEST} characters long` });
      else if (!dev && EXAMPLES.some((example) => secret.toUpperCase().includes(example)))
        problems.push({
          path,
          message: 'is an example from the documentation: create your own secret, or use --dev',
        });
    }
  return { problems };
};
