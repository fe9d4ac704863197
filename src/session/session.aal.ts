import type { SessionView } from './session.view.js';

/** True if the identity has a second factor that this session did not prove, so `highest_available` is not met. */
export function lacksSecondFactor({ aal, identity }: Pick<SessionView, 'aal' | 'identity'>): boolean {
  return identity.availableAal !== 'aal1' && aal === 'aal1';
}
