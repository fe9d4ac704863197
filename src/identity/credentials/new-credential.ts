import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { AuditService, type Ended } from '../../audit/index.js';
import { RegainConfig } from '../../config/index.js';
import { execute } from '../persistence/execute.js';
import { FORGET_HAND_OVER, LIFT_CONTAINMENT, RAISE_EPOCH } from '../sql.js';
import { CREDENTIAL_LISTENERS, type CredentialListener, type FirstCredential } from './credential-listener.js';
import { RemoveReset } from './remove-reset.js';
import { SuspendOlder } from './suspend-older.js';

export interface Setting {
  readonly credential: FirstCredential;
  /** session of the person who sets the credential; absent if an administrator does */
  readonly sessionId?: string | undefined;
  /** true: an administrator's password also lifts a containment */
  readonly lifts?: boolean | undefined;
}

interface Standing {
  epoch: number;
  contained: boolean;
  /** session of a hand-over that is open or was recently abandoned */
  session: string | null;
  by: 'admin' | 'self_service' | null;
  sentTo: string | null;
  reset: string[];
}

/** Values: seconds that an abandoned hand-over still counts; identity. The row is locked. */
const STANDING = `
  SELECT access_epoch AS epoch, contained_at IS NOT NULL AS contained, hand_over_by AS by, hand_over_sent_to AS "sentTo", to_json(hand_over_reset) AS reset,
    CASE WHEN hand_over_until + make_interval(secs => ?::float8) > clock_timestamp() THEN hand_over_session_id END AS session
  FROM identity WHERE id = ?`;

const RAISE = `UPDATE identity SET ${RAISE_EPOCH} WHERE id = ?`;
const CLOSE = `UPDATE identity SET ${RAISE_EPOCH}, ${FORGET_HAND_OVER} WHERE id = ?`;
const CLOSE_AND_LIFT = `
  UPDATE identity SET ${RAISE_EPOCH}, ${FORGET_HAND_OVER}, ${LIFT_CONTAINMENT} WHERE id = ?`;
/**
 * Values: whether the credential goes back to a mailed grant; identity. While it does, changes by the person revoke no
 * administrator's grants.
 */
const SET_BY = 'UPDATE identity SET set_by_mailbox = ? WHERE id = ?';

/**
 * Decides what a new first credential ends. Nothing else decides this.
 *
 * | who, and when                                   | proofs in progress | older sessions and grants | other ways in |
 * | ----------------------------------------------- | ------------------ | ------------------------- | ------------- |
 * | the person, in the session of a hand-over       | end                | end                       | are suspended |
 * | an administrator, a password                    | end                | end                       | are suspended |
 * | the person, in any other session                | end                | end                       | stay          |
 * | an administrator, a provider account            | end                | stay                      | stay          |
 * | anyone, with `regain.recovery.hand_over: false` | end                | sessions stay             | stay          |
 */
@Injectable()
export class NewCredential {
  constructor(
    private readonly regain: RegainConfig,
    private readonly suspendOlder: SuspendOlder,
    private readonly removeReset: RemoveReset,
    private readonly audit: AuditService,
    @Optional() @Inject(CREDENTIAL_LISTENERS) private readonly listeners: readonly CredentialListener[] = [],
  ) {}

  /**
   * Runs in the transaction that writes the credential and has locked the identity's row. Resolves to the identity's
   * epoch before and after, and whether other ways in are suspended.
   */
  async set(
    em: SqlEntityManager,
    identityId: string,
    setting: Setting,
  ): Promise<{ before: number; now: number; closes: boolean }> {
    const { credential, sessionId, lifts = false } = setting;
    const { after_abandoned, hand_over } = this.regain.recovery;
    const [standing] = await execute<Standing>(em, STANDING, [after_abandoned.seconds, identityId]);
    const { epoch, contained, session, by, sentTo, reset } = standing!;
    const byAdmin = sessionId === undefined;
    const closes = byAdmin ? (hand_over || contained) && credential.type === 'password' : session === sessionId;
    const endsOlder = closes || (hand_over && !byAdmin);
    await execute(em, closes && (lifts || !byAdmin) ? CLOSE_AND_LIFT : endsOlder ? CLOSE : RAISE, [identityId]);
    if (closes) await execute(em, SET_BY, [!byAdmin && by === 'self_service', identityId]);
    const suspended = closes ? await this.suspendOlder.run(em, identityId, credential, byAdmin ? null : sentTo) : {};
    const removed = closes && !byAdmin ? await this.removeReset.run(em, identityId, reset, credential) : {};
    const moved = { before: epoch, now: epoch + 1 };
    const ended = await this.#tell(em, { identityId, epoch: moved, sessionId, endsOlder });
    if (closes) await this.#record(em, identityId, { ...ended, ...suspended, ...removed });
    return { ...moved, closes };
  }

  async #tell(em: SqlEntityManager, set: Parameters<CredentialListener['credentialSet']>[1]): Promise<Ended> {
    let ended: Ended = {};
    for (const listener of this.listeners) ended = { ...ended, ...(await listener.credentialSet(em, set)) };
    return ended;
  }

  async #record(em: SqlEntityManager, targetId: string, ended: Ended): Promise<void> {
    const action = 'recovery.hand_over.closed';
    await this.audit.record(em, { action, outcome: 'success', targetType: 'identity', targetId, detail: { ended } });
  }
}
