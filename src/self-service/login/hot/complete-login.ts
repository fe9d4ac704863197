import { Injectable } from '@nestjs/common';
import { detailValue, eventValues, insertEvent } from '../../../audit/sql.js';
import { endsOtherSessions, RegainConfig, SelfServiceConfig, SessionConfig } from '../../../config/index.js';
import { admits, endSessionsBefore, handOverIsOpen, handOverWasAbandoned, identityRow } from '../../../identity/sql.js';
import { Clock } from '../../../platform/clock/index.js';
import { Database, named, type NamedStatement } from '../../../platform/database/index.js';
import { CurrentRequest } from '../../../platform/http/index.js';
import { digest } from '../../../platform/keys/index.js';
import { Random } from '../../../platform/random/index.js';
import { newSessionToken } from '../../../session/index.js';
import { endSessions, insertDevice, insertSession, sessionRow } from '../../../session/sql.js';

const identity = identityRow();
const session = sessionRow();

const END_OTHERS = `,
  ended_ AS (${endSessions({
    from: 'session_ JOIN identity_ ON NOT identity_.abandoned',
    where: `${session.identity_id} = session_.identity_id AND ${session.id} <> session_.id`,
  })}),
  valid_ AS (${endSessionsBefore({ from: 'session_ JOIN identity_ ON NOT identity_.abandoned', where: 'true', identityId: 'session_.identity_id', moment: 'session_.issued_at' })}),
  revoked_ AS (${insertEvent({
    from: '(SELECT * FROM session_ WHERE EXISTS (SELECT FROM ended_)) AS others_',
    id: ':revoked_event_id::uuid',
    action: `'session.others_revoked'`,
    targetType: `'identity'`,
    targetId: 'others_.identity_id::text',
  })})`;

/**
 * HOT: every correct proof at sign-in ends here.
 * Invariant: one flow opens at most one session, and none for an identity that is or is being deactivated, or that has
 * an unchecked second factor. If other sessions must end, this statement ends them; a session that commits while this
 * waits for the identity's row was issued before, so it ends too.
 * Index: primary keys; session_device_session; session_identity.
 * Guarded by: complete-login.race.spec.ts
 */
const complete = ({ endsOthers, flowsAge }: { endsOthers: boolean; flowsAge: boolean }): NamedStatement =>
  named(
    `login_complete${endsOthers ? '_alone' : ''}${flowsAge ? '' : '_ageless'}`,
    `
  WITH identity_ AS MATERIALIZED (
    SELECT ${identity.id}, ${identity.access_epoch}, ${identity.sessions_valid_from}, ${identity.contained_at} IS NOT NULL AS contained,
      ${admits(identity.alias, ':access_epoch::integer')} AS admitted,
      ${handOverWasAbandoned(identity.alias, ':after_abandoned')} AS abandoned,
      CASE WHEN ${handOverIsOpen(identity.alias)}
        THEN 15 * ceil(extract(epoch FROM ${identity.hand_over_until} - clock_timestamp()) / 900)::integer END AS minutes
    FROM ${identity.from} WHERE ${identity.id} = :identity_id AND ${identity.state} = 'active'
      AND (:ignores_second_factor::boolean OR ${identity.available_aal} = 'aal1')
    FOR ${endsOthers ? 'NO KEY UPDATE' : 'SHARE'}),
  flow_ AS (
    UPDATE login_flow SET completed_at = clock_timestamp(), updated_at = clock_timestamp(), state = 'passed_challenge',
      active_method = split_part(:method::text, ':', 1), identity_id = identity_.id, messages = '[]', node_messages = '{}', submitted = '{}'
    FROM identity_
    WHERE identity_.admitted AND login_flow.id = :flow_id AND login_flow.completed_at IS NULL AND login_flow.expires_at > clock_timestamp()
      ${flowsAge ? 'AND (login_flow.identity_id IS NULL OR login_flow.access_epoch = identity_.access_epoch)' : ''}
    RETURNING login_flow.identity_id, login_flow.expires_at, identity_.access_epoch, identity_.sessions_valid_from),
  session_ AS (${insertSession({
    from: 'flow_',
    where: `flow_.expires_at > clock_timestamp()
      AND NOT EXISTS (SELECT FROM ${session.from} WHERE ${session.id} = :session_id AND ${session.issued_at} < flow_.sessions_valid_from)`,
    id: ':session_id::uuid',
    tokenDigest: ':token_digest::bytea',
    identityId: 'flow_.identity_id',
    epoch: 'flow_.access_epoch',
    methods: 'ARRAY[:method::text]',
    origin: `'login'`,
    lifespanSeconds: ':session_seconds',
    confirms: endsOthers ? 'anew' : true,
  })}),
  device_ AS (${insertDevice({ from: 'session_', id: ':device_id::uuid', sessionId: 'session_.id', ipAddress: ':network::text', userAgent: ':user_agent::text' })}),
  event_ AS (${insertEvent({
    from: 'session_',
    id: ':event_id::uuid',
    action: `'session.login'`,
    targetType: `'identity'`,
    targetId: 'session_.identity_id::text',
    detail: ':detail::jsonb',
  })})${endsOthers ? END_OTHERS : ''}
  SELECT (SELECT id FROM session_) AS id, contained, minutes FROM identity_`,
  );

const variants = (flowsAge: boolean) => ({
  beside: complete({ endsOthers: false, flowsAge }),
  alone: complete({ endsOthers: true, flowsAge }),
});
/** If recoveries hand nothing over, forms stay valid after a credential change. */
const STATEMENTS = { ageing: variants(true), ageless: variants(false) };

/** Names from `selfservice.flows.login.after`. */
export type LoginMethod = 'password' | 'oidc';

interface RightPassword {
  readonly flowId: string;
  readonly identityId: string;
  /** the identity's epoch, read before the proof was checked */
  readonly accessEpoch: number;
  readonly method: LoginMethod;
  /** for `oidc`: the provider that was used */
  readonly provider?: string | undefined;
  /** a session of the same person to confirm instead of issuing a new one; its old token stops working */
  readonly confirms: string | undefined;
}

/**
 * The account is contained or being handed over. `minutes`: what is left of the open hand-over, rounded up to quarters
 * of an hour; null if none is open.
 */
export interface Held {
  readonly contained: boolean;
  readonly minutes: number | null;
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

  /**
   * Resolves to the session's new token. There is none if flow, proof or identity is no longer valid, a second factor
   * is missing, or the account is `held`.
   */
  async run(right: RightPassword): Promise<{ token?: string; held?: Held }> {
    const { flowId, identityId, accessEpoch, method, provider, confirms } = right;
    const context = this.current.get();
    const token = newSessionToken(this.random);
    const id = confirms ?? this.random.uuid();
    const { after } = this.selfservice.flows.login;
    const variants = STATEMENTS[this.regain.recovery.hand_over ? 'ageing' : 'ageless'];
    const statement = variants[endsOtherSessions(after, after[method]) ? 'alone' : 'beside'];
    const [row] = await this.db.run<Held & { id: string | null }>(statement, {
      identity_id: identityId,
      access_epoch: accessEpoch,
      after_abandoned: this.regain.recovery.after_abandoned.seconds,
      flow_id: flowId,
      method: provider === undefined ? method : `${method}:${provider}`,
      ignores_second_factor: this.regain.recovery.second_factor === 'ignore',
      session_id: id,
      token_digest: digest(token),
      session_seconds: this.config.lifespan.seconds,
      device_id: this.random.uuid(),
      network: context.network,
      user_agent: context.userAgent,
      event_id: this.random.uuidV7(this.clock.now()),
      revoked_event_id: this.random.uuidV7(this.clock.now()),
      ...eventValues({ ...context, actor: { type: 'session', id, label: identityId } }),
      detail: detailValue({ method, provider }),
    });
    if (row === undefined) return {};
    if (row.id !== null) return { token };
    return row.contained || row.minutes !== null ? { held: { contained: row.contained, minutes: row.minutes } } : {};
  }
}
