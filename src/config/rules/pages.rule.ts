import type { Problem } from '../config.errors.js';
import type { Rule } from './rule.js';

/** Without our own pages, somebody else's must be there. */
export const pagesRule: Rule = ({ regain, selfservice }) => {
  if (regain.ui.enabled) return {};
  const problems: Problem[] = [];
  if (regain.recovery.redeem_on === 'confirm')
    problems.push({
      path: 'regain.recovery.redeem_on',
      message: 'confirm needs regain.ui.enabled: the page that asks is our own',
    });
  for (const flow of ['error', 'settings', 'recovery', 'login'] as const)
    if (selfservice.flows[flow].ui_url === undefined)
      problems.push({
        path: `selfservice.flows.${flow}.ui_url`,
        message: 'is missing, and regain.ui.enabled is false: one of the two must change',
      });
  if (selfservice.default_browser_return_url === '')
    problems.push({
      path: 'selfservice.default_browser_return_url',
      message: 'is missing, and regain.ui.enabled is false: one of the two must change',
    });
  return { problems };
};
