import { ValidateBy } from 'class-validator';
import { Text } from '../keys.js';

/** Why Regain does not run a hook that Kratos has, and what to do instead. */
const NOT_DONE: Readonly<Record<string, string>> = {
  web_hook: 'Regain calls no web hooks; remove it, and read the audit events instead',
  session: 'it signs people in after registration, and Regain registers nobody; remove it',
  show_verification_ui: 'Regain verifies no addresses; remove it',
  verification: 'Regain verifies no addresses; remove it',
  require_verified_address: 'Regain verifies no addresses, so nobody could sign in; remove it',
  two_step_registration: 'Regain registers nobody; remove it',
  organization: 'only the Ory Network has it; remove it',
  b2b_sso: 'only the Ory Network has it; remove it',
};
const DONE = 'revoke_active_sessions';

const isDone = (value: unknown): boolean => typeof value !== 'string' || value === DONE;

/** Names the hook only where it is one of Kratos': values are never printed. */
function refusal(value: unknown): string {
  const reason = typeof value === 'string' && Object.hasOwn(NOT_DONE, value) ? NOT_DONE[value] : undefined;
  return reason === undefined ? `must be ${DONE}, the one hook that Regain runs` : `is ${String(value)}: ${reason}`;
}

const Runs = (): PropertyDecorator =>
  ValidateBy({ name: 'runs', validator: { validate: isDone, defaultMessage: (given) => refusal(given?.value) } });

/** One entry of `after.hooks`. */
export class AfterHook {
  /** `revoke_active_sessions`: the identity's other sessions end. */
  @Text() @Runs() readonly hook: string = '';
}

/** @param method what it says counts, if it says anything; absent: the flow has no methods */
export function endsOtherSessions(flow: { hooks: AfterHook[] }, method?: { hooks: AfterHook[] }): boolean {
  const hooks = method !== undefined && method.hooks.length > 0 ? method.hooks : flow.hooks;
  return hooks.some(({ hook }) => hook === DONE);
}
