import type { Problem } from '../config.errors.js';
import type { Rule } from './rule.js';

/** A hand-over needs a person who confirms, and must end everything older. Otherwise two parties could hold the account. */
export const handOverRule: Rule = ({ regain: { recovery } }) => {
  const problems: Problem[] = [];
  const needs = (path: string, value: string, why: string) =>
    problems.push({
      path: `regain.recovery.${path}`,
      message: `${value} needs regain.recovery.hand_over: false: ${why}`,
    });
  if (recovery.hand_over) {
    if (recovery.redeem_on === 'get')
      needs('redeem_on', 'get', 'a mail scanner that opens a link would lock the owner out');
    if (!recovery.revoke_sessions) needs('revoke_sessions', 'false', 'a hand-over ends all other sessions');
    if (!recovery.invalidate_siblings)
      needs('invalidate_siblings', 'false', 'a hand-over revokes other links and codes');
    if (!recovery.end_previous_session)
      needs('end_previous_session', 'false', "a hand-over ends the browser's previous session");
  }
  const { min, max } = recovery.hand_over_limits;
  if (min.seconds > max.seconds)
    problems.push({ path: 'regain.recovery.hand_over_limits.min', message: 'must not be greater than max' });
  return { problems, warnings: [] };
};
