import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { AuditService } from '../../audit/index.js';
import type { IdentityState } from '../identity.view.js';
import { FORGET_HAND_OVER, RAISE_EPOCH } from '../sql.js';
import { execute } from './execute.js';

/**
 * Raises the epoch in both directions: anything issued or checked while the identity was being deactivated stays dead
 * after reactivation.
 */
const SET_STATE = `
  UPDATE identity SET state = ?, state_changed_at = clock_timestamp(), updated_at = clock_timestamp(),
    sessions_valid_from = clock_timestamp(), ${RAISE_EPOCH}, ${FORGET_HAND_OVER}
  WHERE id = ? AND state <> ? RETURNING 1`;

/** Changes the state. Resolves to false, without a change, if the identity already has it. */
export async function moveState(
  em: SqlEntityManager,
  audit: AuditService,
  id: string,
  state: IdentityState,
): Promise<boolean> {
  if ((await execute(em, SET_STATE, [state, id, state])).length === 0) return false;
  await audit.record(em, {
    action: state === 'active' ? 'identity.activated' : 'identity.deactivated',
    outcome: 'success',
    targetType: 'identity',
    targetId: id,
  });
  return true;
}
