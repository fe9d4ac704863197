import type { SessionView } from './session.view.js';

/** True where the identity has a second factor that this session did not prove: `highest_available` is not met. */
export function lacksSecondFactor({ aal, identity }: Pick<SessionView, 'aal' | 'identity'>): boolean {
  return identity.availableAal !== 'aal1' && aal === 'aal1';
}
