import { Injectable } from '@nestjs/common';
import { eventValues, insertEvent } from '../../../audit/sql.js';
import { SessionConfig } from '../../../config/index.js';
import { Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import { CurrentRequest } from '../../../platform/http/index.js';
import { digest } from '../../../platform/keys/index.js';
import { Random } from '../../../platform/random/index.js';
import { newSessionToken } from '../../../session/index.js';
import { insertDevice, insertSession } from '../../../session/sql.js';

/**
 * HOT: every right password ends here.
 * Invariant: one flow gives at most one session, and none to an identity that is, or is being, deactivated.
 * Index: primary keys; session_device_session.
 * Guarded by: complete-login.race.spec.ts
 */
const COMPLETE = `
  WITH identity_ AS MATERIALIZED (SELECT id FROM identity WHERE id = $1 AND state = 'active' FOR SHARE),
  flow_ AS (
    UPDATE login_flow SET completed_at = clock_timestamp(), updated_at = clock_timestamp(), state = 'passed_challenge',
      active_method = $3, identity_id = identity_.id, messages = '[]', node_messages = '{}', submitted = '{}'
    FROM identity_
    WHERE login_flow.id = $2 AND login_flow.completed_at IS NULL AND login_flow.expires_at > clock_timestamp()
    RETURNING login_flow.identity_id, login_flow.expires_at),
  session_ AS (${insertSession({
    from: 'flow_',
    where: 'flow_.expires_at > clock_timestamp()',
    id: '$4',
    tokenDigest: '$5',
    identityId: 'flow_.identity_id',
    methods: 'ARRAY[$3]',
    origin: `'login'`,
    lifespanSeconds: '$6',
    confirms: true,
  })}),
  device_ AS (${insertDevice({ from: 'session_', id: '$7', sessionId: 'session_.id', ipAddress: '$8', userAgent: '$9' })}),
  event_ AS (${insertEvent({
    from: 'session_',
    id: '$10',
    action: `'session.login'`,
    targetType: `'identity'`,
    targetId: 'session_.identity_id::text',
    first: 11,
  })})
  SELECT id FROM session_`;

interface RightPassword {
  readonly flowId: string;
  readonly identityId: string;
  readonly method: string;
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
  ) {}

  /** The session's new token; undefined where the flow or the identity is good no more. */
  async run({ flowId, identityId, method, confirms }: RightPassword): Promise<string | undefined> {
    const context = this.current.get();
    const token = newSessionToken(this.random);
    const id = confirms ?? this.random.uuid();
    const rows = await this.db.statement('login_complete', COMPLETE, [
      identityId,
      flowId,
      method,
      id,
      digest(token),
      this.config.lifespan.seconds,
      this.random.uuid(),
      context.network,
      context.userAgent,
      this.random.uuidV7(this.clock.now()),
      ...eventValues({ ...context, actor: { type: 'session', id, label: identityId } }),
    ]);
    return rows.length === 1 ? token : undefined;
  }
}
