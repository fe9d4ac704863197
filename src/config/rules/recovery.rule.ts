import type { Rule } from './rule.js';

/** Warns about disabled parts of recovery: Kratos' defaults turn half of it off. */
export const recoveryRule: Rule = ({ selfservice: { flows, methods } }) => {
  const { link, code } = methods;
  if (!flows.recovery.enabled)
    return {
      warnings: [
        'selfservice.flows.recovery.enabled: is false, so nobody can recover an account, not even with a link or code from an administrator',
      ],
    };
  if (!link.enabled && !code.enabled)
    return {
      warnings: [
        'selfservice.methods.link.enabled, selfservice.methods.code.enabled: both are false, so there are no recovery links or codes',
      ],
    };
  if (!link.enabled)
    return {
      warnings: ['selfservice.methods.link.enabled: is false, so administrators can issue codes but no links'],
    };
  if (!methods[flows.recovery.use].enabled)
    return {
      warnings: ['selfservice.flows.recovery.use: the method is off, so self-service recovery is unavailable'],
    };
  return {};
};
