import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../../audit/index.js';
import { endsOtherSessions, SelfServiceConfig } from '../../../config/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import { SessionService } from '../../../session/index.js';
import { SAVE_CHANGE } from '../hot/save-change.js';
import type { SettingsFlowView } from './settings-flow.view.js';

/** As `selfservice.flows.settings.after` calls them. */
export type SettingsMethod = 'password' | 'profile' | 'oidc';

/** Whose change it is: the submitted form, and the session it came with. */
export interface Submission {
  readonly flow: SettingsFlowView;
  readonly sessionId: string;
}

/** What the database said at the moment of the write. */
type Verdict = 'saved' | 'flow_expired' | 'signed_out' | 'too_old';

/** Thrown within the transaction, so that nothing of the change stays. */
export class ChangeRefused extends Error {
  constructor(readonly verdict: Exclude<Verdict, 'saved'>) {
    super(verdict);
  }
}

const LOCK = 'SELECT 1 AS one FROM identity WHERE id = ? FOR NO KEY UPDATE';

const PRIVILEGED = `
  SELECT 1 AS one FROM session
  WHERE id = ? AND authenticated_at + make_interval(secs => ?::float8) > clock_timestamp()`;

interface State {
  open: boolean;
  signed_in: boolean;
  privileged: boolean;
}

/**
 * What surrounds every change of an identity by its owner: `begin` first, `save` last, in one transaction.
 * Changes of one identity follow one another; what a session must be is judged after every wait for a lock.
 */
@Injectable()
export class Change {
  readonly #window: number;

  constructor(
    private readonly selfservice: SelfServiceConfig,
    private readonly sessions: SessionService,
    private readonly audit: AuditService,
  ) {
    this.#window = selfservice.flows.settings.privileged_session_max_age.seconds;
  }

  /**
   * Waits for other changes of this identity, its deactivation and its deletion among them.
   * @throws ChangeRefused where the identity is gone
   */
  async begin(em: SqlEntityManager, { flow }: Submission): Promise<void> {
    const rows = await em.execute<unknown[]>(LOCK, [flow.identityId], 'all');
    if (rows.length === 0) throw new ChangeRefused('signed_out');
  }

  /** Whether the session is young enough to change what lets the person in. */
  async privileged(em: SqlEntityManager, { sessionId }: Submission): Promise<boolean> {
    const rows = await em.execute<unknown[]>(PRIVILEGED, [sessionId, this.#window], 'all');
    return rows.length === 1;
  }

  /** Other sessions end with it where that is configured. @throws ChangeRefused, which must leave the transaction */
  async save(
    em: SqlEntityManager,
    { flow, sessionId }: Submission,
    { method, needsPrivilege }: { method: SettingsMethod; needsPrivilege: boolean },
  ): Promise<void> {
    const messages = JSON.stringify([{ id: MessageId.SettingsSaved }]);
    const [state] = await em.execute<State[]>(
      SAVE_CHANGE,
      [this.#window, sessionId, flow.id, messages, needsPrivilege],
      'all',
    );
    const verdict = judge(state, needsPrivilege);
    if (verdict !== 'saved') throw new ChangeRefused(verdict);
    const { after } = this.selfservice.flows.settings;
    if (endsOtherSessions(after, after[method])) await this.#endOthers(em, flow.identityId, sessionId);
  }

  /** The identity's row is held since `begin`, so that no session is made meanwhile. */
  async #endOthers(em: SqlEntityManager, identityId: string, sessionId: string): Promise<void> {
    if ((await this.sessions.revokeOthers(identityId, sessionId)) === 0) return;
    await this.audit.record(em, {
      action: 'session.others_revoked',
      outcome: 'success',
      targetType: 'identity',
      targetId: identityId,
    });
  }
}

function judge(state: State | undefined, needsPrivilege: boolean): Verdict {
  if (!state?.open) return 'flow_expired';
  if (!state.signed_in) return 'signed_out';
  return state.privileged || !needsPrivilege ? 'saved' : 'too_old';
}
