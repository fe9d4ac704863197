import { ValidateBy } from 'class-validator';
import { Text } from '../keys.js';

/** Why Regain doesn't run a Kratos hook, and what to do instead. */
const NOT_DONE: Readonly<Record<string, string>> = {
  web_hook: 'Regain does not call webhooks; remove it and read the audit events instead',
  session: 'it signs people in after registration, which Regain does not support; remove it',
  show_verification_ui: 'Regain does not verify addresses; remove it',
  verification: 'Regain does not verify addresses; remove it',
  require_verified_address: 'Regain does not verify addresses, so nobody could sign in; remove it',
  two_step_registration: 'Regain does not support registration; remove it',
  organization: 'it exists only in the Ory Network; remove it',
  b2b_sso: 'it exists only in the Ory Network; remove it',
};
const DONE = 'revoke_active_sessions';

const isDone = (value: unknown): boolean => typeof value !== 'string' || value === DONE;

/** Names the hook only if Kratos has it, because values are never printed. */
function refusal(value: unknown): string {
  const reason = typeof value === 'string' && Object.hasOwn(NOT_DONE, value) ? NOT_DONE[value] : undefined;
  return reason === undefined ? `must be ${DONE}, the only hook that Regain runs` : `is ${String(value)}: ${reason}`;
}

const Runs = (): PropertyDecorator =>
  ValidateBy({ name: 'runs', validator: { validate: isDone, defaultMessage: (given) => refusal(given?.value) } });

/** One entry of `after.hooks`. */
export class AfterHook {
  /** `revoke_active_sessions`: ends the identity's other sessions */
  @Text() @Runs() readonly hook: string = '';
}

/** @param method its hooks, if it has any, replace the flow's; undefined if the flow has no methods */
export function endsOtherSessions(flow: { hooks: AfterHook[] }, method?: { hooks: AfterHook[] }): boolean {
  const hooks = method !== undefined && method.hooks.length > 0 ? method.hooks : flow.hooks;
  return hooks.some(({ hook }) => hook === DONE);
}
