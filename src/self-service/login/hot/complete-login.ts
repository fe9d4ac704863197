import { Injectable } from '@nestjs/common';
import { eventValues, insertEvent } from '../../../audit/sql.js';
import { endsOtherSessions, RegainConfig, SelfServiceConfig, SessionConfig } from '../../../config/index.js';
import { endSessionsBefore } from '../../../identity/sql.js';
import { Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import { CurrentRequest } from '../../../platform/http/index.js';
import { digest } from '../../../platform/keys/index.js';
import { Random } from '../../../platform/random/index.js';
import { newSessionToken } from '../../../session/index.js';
import { endSessions, insertDevice, insertSession } from '../../../session/sql.js';

const END_OTHERS = `,
  ended_ AS (${endSessions({ from: 'session_', where: 'session.identity_id = session_.identity_id AND session.id <> session_.id' })}),
  valid_ AS (${endSessionsBefore({ from: 'session_', where: 'true', identityId: 'session_.identity_id', moment: 'session_.issued_at' })}),
  revoked_ AS (${insertEvent({
    from: '(SELECT * FROM session_ WHERE EXISTS (SELECT FROM ended_)) AS others_',
    id: '$20',
    action: `'session.others_revoked'`,
    targetType: `'identity'`,
    targetId: 'others_.identity_id::text',
    first: 11,
  })})`;

/**
 * HOT: every right password ends here.
 * Invariant: one flow gives at most one session, and none to an identity that is, or is being, deactivated, or that has a
 * second factor which nobody checked. Where other sessions end ($20 is their event's id), they end in this statement; one
 * that commits while this waits for the identity's row was issued before, and counts no more.
 * Index: primary keys; session_device_session; session_identity.
 * Guarded by: complete-login.race.spec.ts
 */
const complete = ({ endsOthers }: { endsOthers: boolean }): string => `
  WITH identity_ AS MATERIALIZED (
    SELECT id, sessions_valid_from FROM identity WHERE id = $1 AND state = 'active' AND ($19::boolean OR available_aal = 'aal1')
    FOR ${endsOthers ? 'NO KEY UPDATE' : 'SHARE'}),
  flow_ AS (
    UPDATE login_flow SET completed_at = clock_timestamp(), updated_at = clock_timestamp(), state = 'passed_challenge',
      active_method = split_part($3, ':', 1), identity_id = identity_.id, messages = '[]', node_messages = '{}', submitted = '{}'
    FROM identity_
    WHERE login_flow.id = $2 AND login_flow.completed_at IS NULL AND login_flow.expires_at > clock_timestamp()
    RETURNING login_flow.identity_id, login_flow.expires_at, identity_.sessions_valid_from),
  session_ AS (${insertSession({
    from: 'flow_',
    where: `flow_.expires_at > clock_timestamp()
      AND NOT EXISTS (SELECT FROM session WHERE session.id = $4 AND session.issued_at < flow_.sessions_valid_from)`,
    id: '$4',
    tokenDigest: '$5',
    identityId: 'flow_.identity_id',
    methods: 'ARRAY[$3]',
    origin: `'login'`,
    lifespanSeconds: '$6',
    confirms: endsOthers ? 'anew' : true,
  })}),
  device_ AS (${insertDevice({ from: 'session_', id: '$7', sessionId: 'session_.id', ipAddress: '$8', userAgent: '$9' })}),
  event_ AS (${insertEvent({
    from: 'session_',
    id: '$10',
    action: `'session.login'`,
    targetType: `'identity'`,
    targetId: 'session_.identity_id::text',
    first: 11,
  })})${endsOthers ? END_OTHERS : ''}
  SELECT id FROM session_`;

const COMPLETE = complete({ endsOthers: false });
const COMPLETE_ALONE = complete({ endsOthers: true });

/** As `selfservice.flows.login.after` calls them. */
export type LoginMethod = 'password' | 'oidc';

interface RightPassword {
  readonly flowId: string;
  readonly identityId: string;
  readonly method: LoginMethod;
  /** of `oidc`: by way of which provider */
  readonly provider?: string | undefined;
  /** a session of the same person: confirmed instead of a new one; its old token is good no more */
  readonly confirms: string | undefined;
}

@Injectable()
export class CompleteLogin {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly clock: Clock,
    private readonly current: CurrentRequest,
    private readonly config: SessionConfig,
    private readonly selfservice: SelfServiceConfig,
    private readonly regain: RegainConfig,
  ) {}

  /** The session's new token; undefined where the flow or the identity is good no more, or a second factor is missing. */
  async run({ flowId, identityId, method, provider, confirms }: RightPassword): Promise<string | undefined> {
    const context = this.current.get();
    const token = newSessionToken(this.random);
    const id = confirms ?? this.random.uuid();
    const { after } = this.selfservice.flows.login;
    const values = [
      identityId,
      flowId,
      provider === undefined ? method : `${method}:${provider}`,
      id,
      digest(token),
      this.config.lifespan.seconds,
      this.random.uuid(),
      context.network,
      context.userAgent,
      this.random.uuidV7(this.clock.now()),
      ...eventValues({ ...context, actor: { type: 'session', id, label: identityId } }),
      this.regain.recovery.second_factor === 'ignore',
    ];
    const rows = endsOtherSessions(after, after[method])
      ? await this.db.statement('login_complete_alone', COMPLETE_ALONE, [
          ...values,
          this.random.uuidV7(this.clock.now()),
        ])
      : await this.db.statement('login_complete', COMPLETE, values);
    return rows.length === 1 ? token : undefined;
  }
}
