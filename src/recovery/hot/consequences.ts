import { Injectable } from '@nestjs/common';
import { eventValues, insertEvent } from '../../audit/sql.js';
import { endsOtherSessions, RegainConfig, SelfServiceConfig, SessionConfig } from '../../config/index.js';
import { Notices } from '../../courier/index.js';
import { insertMessage } from '../../courier/sql.js';
import { confirmAddresses, endSessionsBefore, mailboxesOf } from '../../identity/sql.js';
import { Clock } from '../../platform/clock/index.js';
import type { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { insertSettingsFlow } from '../../self-service/settings/sql.js';
import { endSessions, insertDevice, insertSession } from '../../session/sql.js';

interface Parts {
  action: string;
  /** the session's authentication method */
  method: 'link_recovery' | 'code_recovery';
  /** SQL: the type of the settings flow; knows `live_` */
  settingsType: string;
  /** SQL: the condition for sessions that end, besides all others of the identity where that is configured */
  ended: string;
  /** SQL: the CSRF digest that the recovery flow goes on with; knows `recovery_flow` */
  flowDigest: string;
  /** the person is told; a lost answer that is given again is not news */
  told: boolean;
}

/**
 * What follows the guarded update `grant_` of a link or code, in the same statement: session, settings flow, the proof that
 * the address is the person’s, the end of what is replaced, the notice to the person, audit. Placeholders $1 to $32 are `ConsequenceValues`.
 *
 * Other sessions end twice over: those that this statement sees are ended, and whatever was issued before the new session
 * counts no more, so that a login that commits while this waits for the identity's row does not slip through.
 */
export const consequences = ({ action, method, settingsType, ended, flowDigest, told }: Parts): string => `
  live_ AS (
    SELECT grant_.id, grant_.identity_id, grant_.sent_to, flow.id AS flow_id, flow.type, flow.return_to,
      CASE WHEN flow.issued_by_admin AND grant_.kind = 'link' THEN flow.request_url ELSE $23::text END AS request_url
    FROM grant_ JOIN recovery_flow flow ON flow.id = grant_.flow_id WHERE grant_.expires_at > clock_timestamp()),
  session_ AS (${insertSession({
    from: 'live_',
    id: '$1::uuid',
    tokenDigest: '$2::bytea',
    identityId: 'live_.identity_id',
    methods: `ARRAY['${method}']`,
    origin: `'recovery'`,
    grantId: 'live_.id',
    lifespanSeconds: '$3::double precision',
  })}),
  device_ AS (${insertDevice({ from: 'session_', id: '$4::uuid', sessionId: 'session_.id', ipAddress: '$5::text', userAgent: '$6::text' })}),
  settings_ AS (${insertSettingsFlow({
    from: 'live_',
    id: '$7::uuid',
    type: settingsType,
    identityId: 'live_.identity_id',
    requestUrl: 'live_.request_url',
    returnTo: 'coalesce(live_.return_to, $28::text)',
    csrfDigest: '$8::bytea',
    lifespanSeconds: '$9::double precision',
    messages: `(SELECT jsonb_build_array(jsonb_build_object('id', 1060001, 'context', jsonb_build_object('minutes', $10::text,
        'privilegedSessionExpiresAt', ends_at, 'privileged_session_expires_at', ends_at,
        'privileged_session_expires_at_unix', floor(extract(epoch FROM ends_at)))))
      FROM (SELECT clock_timestamp() + make_interval(secs => $11::double precision) AS ends_at) AS window_)`,
  })}),
  verified_ AS (${confirmAddresses({ from: 'live_', identityId: 'live_.identity_id', via: `'email'`, normalized: 'live_.sent_to' })}),
  passed_ AS (
    UPDATE recovery_flow SET csrf_digest = ${flowDigest},
      state = CASE WHEN $25::boolean THEN recovery_flow.state ELSE 'passed_challenge' END,
      messages = CASE WHEN $25::boolean THEN recovery_flow.messages ELSE '[]' END
    FROM live_ WHERE recovery_flow.id = live_.flow_id),
  siblings_ AS (
    UPDATE recovery_grant SET revoked_at = clock_timestamp() FROM live_
    WHERE $12::boolean AND recovery_grant.identity_id = live_.identity_id AND recovery_grant.id <> live_.id
      AND recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL),
  ended_ AS (${endSessions({ from: 'live_', where: `${ended} OR ${OTHER_SESSIONS}` })}),
  valid_ AS (${endSessionsBefore({ from: 'session_', where: '$26::boolean', identityId: 'session_.identity_id', moment: 'session_.issued_at' })}),
  revoked_ AS (${insertEvent({
    from: '(SELECT * FROM live_ WHERE EXISTS (SELECT FROM ended_ WHERE $26::boolean AND ended_.identity_id = live_.identity_id)) AS others_',
    id: '$27::uuid',
    action: `'session.others_revoked'`,
    targetType: `'identity'`,
    targetId: 'others_.identity_id::text',
    grantId: 'others_.id',
    first: 15,
  })}),
  told_ AS (
    SELECT mailbox.value, $30::jsonb || jsonb_build_object('method', '${method.replace('_recovery', '')}', 'localeWish', left(identity.traits #>> $31::text[], 100)) AS data
    FROM live_ JOIN identity ON identity.id = live_.identity_id CROSS JOIN LATERAL ${mailboxesOf('identity.id')} AS mailbox
    WHERE $29::boolean AND ${told}),
  ${insertMessage({
    name: 'notice_',
    from: 'told_',
    id: 'gen_random_uuid()',
    status: `'queued'`,
    templateType: `'recovered'`,
    recipient: 'told_.value',
    data: 'told_.data',
    secret: 'NULL',
    keyId: 'NULL',
    correlationId: '$32',
  })},
  event_ AS (${insertEvent({
    from: 'live_',
    id: '$14::uuid',
    action: `'${action}'`,
    targetType: `'identity'`,
    targetId: 'live_.identity_id::text',
    grantId: 'live_.id',
    first: 15,
  })})`;

/** What `grant_` must return. */
export const GRANT_COLUMNS = ['id', 'kind', 'identity_id', 'flow_id', 'sent_to', 'expires_at']
  .map((column) => `recovery_grant.${column}`)
  .join(', ');

/**
 * Conditions on a grant and its identity, besides the secret's. A mailed grant stands and falls with the address: once the
 * identity has another one, it opens nothing.
 */
export const MAY_RECOVER = `identity.state = 'active' AND ($24::boolean OR identity.available_aal = 'aal1')
      AND (recovery_grant.sent_to IS NULL OR EXISTS (SELECT FROM recovery_address WHERE recovery_address.identity_id = identity.id
        AND recovery_address.via = 'email' AND recovery_address.normalized = recovery_grant.sent_to))`;

const OTHER_SESSIONS = '($26::boolean AND session.identity_id = live_.identity_id AND session.id <> $1::uuid)';

/** Of the session that the browser brought, in `ended`. */
export const PREVIOUS_SESSION = '(session.token_digest = $13::bytea AND session.id <> $1::uuid)';

export interface Recovery {
  /** of the new session's token */
  sessionTokenDigest: Buffer;
  /** of the new CSRF seed; null for native clients */
  csrfDigest: Buffer | null;
  /** of the session that the client brought; null: it brought none, or it stays */
  previousTokenDigest: Buffer | null;
  /** the address that was followed or posted to, without its secret */
  requestUrl: string;
}

/** The values behind the placeholders of `consequences`. */
@Injectable()
export class ConsequenceValues {
  constructor(
    private readonly random: Random,
    private readonly clock: Clock,
    private readonly session: SessionConfig,
    private readonly selfservice: SelfServiceConfig,
    private readonly regain: RegainConfig,
    private readonly notices: Notices,
  ) {}

  make(recovery: Recovery, settingsFlowId: string, current: CurrentRequest): unknown[] {
    const context = current.get();
    const { settings, recovery: flow } = this.selfservice.flows;
    const window = settings.privileged_session_max_age.seconds;
    const rules = this.regain.recovery;
    const notice = this.notices.recovered();
    return [
      this.random.uuid(),
      recovery.sessionTokenDigest,
      this.session.lifespan.seconds,
      this.random.uuid(),
      context.network,
      context.userAgent,
      settingsFlowId,
      recovery.csrfDigest,
      settings.lifespan.seconds,
      (window / 60).toFixed(2),
      window,
      rules.invalidate_siblings,
      rules.end_previous_session ? recovery.previousTokenDigest : null,
      this.random.uuidV7(this.clock.now()),
      ...eventValues(context),
      recovery.requestUrl,
      rules.second_factor === 'ignore',
      rules.uniform_failures,
      rules.revoke_sessions || endsOtherSessions(flow.after),
      this.random.uuidV7(this.clock.now()),
      flow.after.default_browser_return_url ?? null,
      this.notices.on,
      notice.data,
      notice.localePath,
      notice.correlationId,
    ];
  }
}
