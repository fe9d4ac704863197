import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService, type Ended } from '../../audit/index.js';
import type { CredentialListener, CredentialSet } from '../../identity/index.js';

/** Index: session_identity. */
const MOVE_ALL = `UPDATE session SET access_epoch = ? WHERE identity_id = ? AND active AND access_epoch = ?`;
/** Index: session_pkey. A session that had ended stays ended. */
const MOVE_ONE = `UPDATE session SET access_epoch = ? WHERE identity_id = ? AND active AND access_epoch = ? AND id = ?::uuid`;
/** Index: session_identity. */
const END_OTHERS = `
  UPDATE session SET active = false WHERE identity_id = ? AND active AND id IS DISTINCT FROM ?::uuid RETURNING 1 AS one`;

/**
 * A new credential raises the identity's access epoch. Sessions that may continue move to the new epoch; the others
 * end.
 */
@Injectable()
export class FollowCredential implements CredentialListener {
  constructor(private readonly audit: AuditService) {}

  async credentialSet(em: SqlEntityManager, set: CredentialSet): Promise<Ended> {
    const { identityId, epoch, sessionId = null, endsOlder } = set;
    const moving = [epoch.now, identityId, epoch.before];
    if (!endsOlder) {
      await em.execute(MOVE_ALL, moving, 'run');
      return {};
    }
    if (sessionId !== null) await em.execute(MOVE_ONE, [...moving, sessionId], 'run');
    const ended = await em.execute<unknown[]>(END_OTHERS, [identityId, sessionId], 'all');
    if (ended.length > 0) await this.#record(em, identityId);
    return { sessions: ended.length };
  }

  async #record(em: SqlEntityManager, targetId: string): Promise<void> {
    const action = 'session.others_revoked';
    await this.audit.record(em, { action, outcome: 'success', targetType: 'identity', targetId });
  }
}
