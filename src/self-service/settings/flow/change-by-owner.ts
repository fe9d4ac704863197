import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../../audit/index.js';
import { endsOtherSessions, RegainConfig, SelfServiceConfig } from '../../../config/index.js';
import { type FirstCredential, NewCredential } from '../../../identity/privileged.js';
import { MessageId } from '../../../platform/ui/index.js';
import { SessionService } from '../../../session/index.js';
import { BEGIN_CHANGE } from '../hot/begin-change.js';
import { PRIVILEGED, SAVE_CHANGE } from '../hot/save-change.js';
import type { SettingsFlowView } from './settings-flow.view.js';

/** Names from `selfservice.flows.settings.after`. */
export type SettingsMethod = 'password' | 'profile' | 'oidc';

export interface Saving {
  readonly method: SettingsMethod;
  readonly needsPrivilege: boolean;
  /** the first credential that is new; absent if none is */
  readonly credential?: FirstCredential | undefined;
}

/** The submitted form's flow, and the session that sent it. */
export interface Submission {
  readonly flow: SettingsFlowView;
  readonly sessionId: string;
}

/** The database's decision at the moment of the write. */
type Verdict = 'saved' | 'flow_expired' | 'signed_out' | 'too_old' | 'after_credential' | 'after_abandoned';

/** Thrown within the transaction to roll the change back. */
export class ChangeRefused extends Error {
  /** @param minutes until the person may try again, for `after_abandoned` */
  constructor(
    readonly verdict: Exclude<Verdict, 'saved'>,
    readonly minutes = 0,
  ) {
    super(verdict);
  }
}

/**
 * `way_in`: removes another way in, or puts it back into use. `profile`: may change what lets the person in, or where
 * they can be reached, but need not.
 */
type ChangeKind = 'credential' | 'way_in' | 'profile';

interface Standing {
  open: boolean;
  own: boolean;
  abandoned: boolean;
  minutes: number;
}

interface Begun {
  /** the account is handed over to this session, so a credential that it sets closes the hand-over */
  readonly handsOver: boolean;
  /** why `profile` may not change what lets the person in; absent if it may */
  readonly held: ChangeRefused | undefined;
}

interface State {
  open: boolean;
  signed_in: boolean;
  privileged: boolean;
}

/**
 * Surrounds every change that people make to their own identity: `begin` first, `save` last, in one transaction.
 * Changes of one identity run one after the other, and the session is checked after every wait for a lock.
 */
@Injectable()
export class ChangeByOwner {
  readonly #window: number;

  constructor(
    private readonly selfservice: SelfServiceConfig,
    private readonly sessions: SessionService,
    private readonly audit: AuditService,
    private readonly newCredential: NewCredential,
    private readonly regain: RegainConfig,
  ) {
    this.#window = selfservice.flows.settings.privileged_session_max_age.seconds;
  }

  /**
   * Waits for concurrent changes of this identity, including its deactivation and deletion.
   * @throws ChangeRefused if the identity is gone, or the change must wait for a hand-over
   */
  async begin(em: SqlEntityManager, { flow, sessionId }: Submission, kind: ChangeKind): Promise<Begun> {
    const { seconds } = this.regain.recovery.after_abandoned;
    const [standing] = await em.execute<Standing[]>(
      BEGIN_CHANGE,
      [sessionId, seconds, seconds, flow.identityId],
      'all',
    );
    if (standing === undefined) throw new ChangeRefused('signed_out');
    const { open, own, abandoned, minutes } = standing;
    const sets = kind === 'credential' && own;
    if (open && !own) throw new ChangeRefused('signed_out');
    if (open && !sets) throw new ChangeRefused('after_credential');
    const held = abandoned && !sets ? new ChangeRefused('after_abandoned', minutes) : undefined;
    if (held && kind !== 'profile') throw held;
    return { handsOver: own && (open || abandoned), held };
  }

  /** Whether the session is recent enough to change what lets the person in. */
  async privileged(em: SqlEntityManager, { sessionId }: Submission): Promise<boolean> {
    const rows = await em.execute<unknown[]>(PRIVILEGED, [sessionId, this.#window], 'all');
    return rows.length === 1;
  }

  /**
   * Saves the form. Ends what a new credential ends, and other sessions if configured.
   * @throws ChangeRefused, which must leave the transaction
   */
  async save(
    em: SqlEntityManager,
    { flow, sessionId }: Submission,
    { method, needsPrivilege, credential }: Saving,
  ): Promise<void> {
    const messages = JSON.stringify([{ id: MessageId.SettingsSaved }]);
    const setting = credential && { credential, sessionId };
    const epoch = setting && (await this.newCredential.set(em, flow.identityId, setting));
    const flowEpoch = this.regain.recovery.hand_over ? [epoch?.before ?? null] : [];
    const [state] = await em.execute<State[]>(
      this.regain.recovery.hand_over ? SAVE_CHANGE.ageing : SAVE_CHANGE.ageless,
      [...flowEpoch, this.#window, sessionId, flow.id, messages, needsPrivilege],
      'all',
    );
    const verdict = judge(state, needsPrivilege);
    if (verdict !== 'saved') throw new ChangeRefused(verdict);
    const { after } = this.selfservice.flows.settings;
    if (endsOtherSessions(after, after[method])) await this.#endOthers(em, flow.identityId, sessionId);
  }

  /** `begin` holds the lock on the identity's row, so no session is created meanwhile. */
  async #endOthers(em: SqlEntityManager, identityId: string, sessionId: string): Promise<void> {
    if ((await this.sessions.endOthers(identityId, sessionId)) === 0) return;
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
