import type { Report } from './report.js';
import { type Tree, valueAt, withValue } from './tree.js';

/** Where a file says that people have second factors. */
export const SECOND_FACTORS: readonly string[] = [
  'selfservice.methods.totp.enabled',
  'selfservice.methods.lookup_secret.enabled',
  'selfservice.methods.webauthn.enabled',
  'selfservice.methods.code.mfa_enabled',
];

export const NO_SECOND_FACTOR =
  'Regain cannot check this second factor; switch it off, or say in regain.recovery.second_factor what becomes of people who have one: refuse or ignore';

const CONSEQUENCES: Readonly<Record<string, string>> = {
  refuse: 'people who have this second factor are turned away (regain.recovery.second_factor: refuse)',
  ignore: 'people who have this second factor get in without it (regain.recovery.second_factor: ignore)',
};

/**
 * A file that says what becomes of people with a second factor may keep Kratos' methods switched on: the tree
 * comes back without them, and each is named in a warning. Without the decision they stay, and stop the start.
 */
export function settleSecondFactors(tree: Tree, { warnings }: Report): Tree {
  const decision = valueAt(tree, ['regain', 'recovery', 'second_factor']);
  const consequence = typeof decision === 'string' ? CONSEQUENCES[decision] : undefined;
  if (consequence === undefined) return tree;
  let settled = tree;
  for (const key of SECOND_FACTORS) {
    const path = key.split('.');
    if (valueAt(settled, path) !== true) continue;
    warnings.push(`${key}: Regain cannot check it; ${consequence}`);
    settled = withValue(settled, path, false) as Tree;
  }
  return settled;
}
