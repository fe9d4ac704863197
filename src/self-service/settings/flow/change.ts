import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { SelfServiceConfig } from '../../../config/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import type { SettingsFlowView } from './settings-flow.view.js';

/** Whose change it is: the submitted form, and the session it came with. */
export interface Submission {
  readonly flow: SettingsFlowView;
  readonly sessionId: string;
}

/** What the database said at the moment of the write. */
export type Verdict = 'saved' | 'flow_expired' | 'signed_out' | 'too_old';

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

/** Judges flow and session, and marks the form as saved if they are good: one statement, by the database's clock. */
const SAVE = `
  WITH state_ AS MATERIALIZED (
    SELECT f.id, f.expires_at > clock_timestamp() AS open, s.id IS NOT NULL AS signed_in,
      coalesce(s.authenticated_at + make_interval(secs => ?::float8) > clock_timestamp(), false) AS privileged
    FROM settings_flow f
      JOIN identity i ON i.id = f.identity_id
      LEFT JOIN session s ON s.id = ? AND s.identity_id = i.id AND s.active AND s.expires_at > clock_timestamp()
        AND i.state = 'active' AND s.issued_at >= coalesce(i.sessions_valid_from, '-infinity')
    WHERE f.id = ?),
  saved_ AS (
    UPDATE settings_flow SET state = 'success', messages = ?::jsonb, node_messages = '{}', submitted = '{}'
    FROM state_ WHERE settings_flow.id = state_.id AND state_.open AND state_.signed_in AND (state_.privileged OR NOT ?::boolean))
  SELECT open, signed_in, privileged FROM state_`;

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

  constructor(selfservice: SelfServiceConfig) {
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

  /** @throws ChangeRefused, which must leave the transaction */
  async save(
    em: SqlEntityManager,
    { flow, sessionId }: Submission,
    { needsPrivilege }: { needsPrivilege: boolean },
  ): Promise<void> {
    const messages = JSON.stringify([{ id: MessageId.SettingsSaved }]);
    const [state] = await em.execute<State[]>(
      SAVE,
      [this.#window, sessionId, flow.id, messages, needsPrivilege],
      'all',
    );
    const verdict = judge(state, needsPrivilege);
    if (verdict !== 'saved') throw new ChangeRefused(verdict);
  }
}

function judge(state: State | undefined, needsPrivilege: boolean): Verdict {
  if (!state?.open) return 'flow_expired';
  if (!state.signed_in) return 'signed_out';
  return state.privileged || !needsPrivilege ? 'saved' : 'too_old';
}
