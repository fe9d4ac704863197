import type { Report } from './report.js';
import { type Tree, valueAt, withValue } from './tree.js';

/** The keys that enable second factors in Kratos. */
export const SECOND_FACTORS: readonly string[] = [
  'selfservice.methods.totp.enabled',
  'selfservice.methods.lookup_secret.enabled',
  'selfservice.methods.webauthn.enabled',
  'selfservice.methods.code.mfa_enabled',
];

export const NO_SECOND_FACTOR =
  'Regain cannot check this second factor; turn it off, or set regain.recovery.second_factor to refuse or ignore';

const CONSEQUENCES: Readonly<Record<string, string>> = {
  refuse: 'people who have this second factor are turned away (regain.recovery.second_factor: refuse)',
  ignore: 'people who have this second factor get in without it (regain.recovery.second_factor: ignore)',
};

/**
 * If the file sets regain.recovery.second_factor, turns Kratos' second-factor methods off in the tree and warns about each.
 * Otherwise leaves them on, so that they stop the start.
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
