import type { Rule } from './rule.js';

/** Recovery is what Regain is for, and Kratos' defaults leave half of it off: a file that does not say so is told. */
export const recoveryRule: Rule = ({ selfservice: { flows, methods } }) => {
  const { link, code } = methods;
  if (!flows.recovery.enabled)
    return {
      warnings: [
        'selfservice.flows.recovery.enabled: is false, so nobody is recovered: not by a link or code of an administrator either',
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
      warnings: ['selfservice.methods.link.enabled: is false, so administrators get recovery codes and no links'],
    };
  if (!methods[flows.recovery.use].enabled)
    return {
      warnings: ['selfservice.flows.recovery.use: the method is off, so nobody can ask for recovery by themselves'],
    };
  return {};
};
