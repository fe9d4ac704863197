import type { Problem } from '../config.errors.js';
import type { Rule } from './rule.js';

/** Whoever redeems must be a person, and what is older must end: otherwise an account would be handed over to two. */
export const handOverRule: Rule = ({ regain: { recovery } }) => {
  const problems: Problem[] = [];
  const needs = (path: string, value: string, why: string) =>
    problems.push({
      path: `regain.recovery.${path}`,
      message: `${value} needs regain.recovery.hand_over: false: ${why}`,
    });
  if (recovery.hand_over) {
    if (recovery.redeem_on === 'get')
      needs('redeem_on', 'get', 'a mail scanner that opens a link would shut the account to its owner');
    if (!recovery.revoke_sessions) needs('revoke_sessions', 'false', 'a hand-over ends every other session');
    if (!recovery.invalidate_siblings) needs('invalidate_siblings', 'false', 'a hand-over ends other links and codes');
    if (!recovery.end_previous_session)
      needs('end_previous_session', 'false', 'a hand-over leaves the browser no older session');
  }
  const { min, max } = recovery.hand_over_limits;
  if (min.seconds > max.seconds)
    problems.push({ path: 'regain.recovery.hand_over_limits.min', message: 'must not be more than max' });
  return { problems, warnings: [] };
};
