import type { Problem } from '../config.errors.js';
import type { Rule } from './rule.js';

/** Without the built-in pages, all others must be configured. */
export const pagesRule: Rule = ({ regain, selfservice }) => {
  if (regain.ui.enabled) return {};
  const problems: Problem[] = [];
  if (regain.recovery.redeem_on === 'confirm')
    problems.push({
      path: 'regain.recovery.redeem_on',
      message: 'confirm requires regain.ui.enabled: the confirm page is built in',
    });
  for (const flow of ['error', 'settings', 'recovery', 'login'] as const)
    if (selfservice.flows[flow].ui_url === undefined)
      problems.push({
        path: `selfservice.flows.${flow}.ui_url`,
        message: 'is missing: set it, or set regain.ui.enabled to true',
      });
  if (selfservice.default_browser_return_url === '')
    problems.push({
      path: 'selfservice.default_browser_return_url',
      message: 'is missing: set it, or set regain.ui.enabled to true',
    });
  return { problems };
};
