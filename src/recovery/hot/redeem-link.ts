import { Injectable } from '@nestjs/common';
import { eventValues, insertEvent } from '../../audit/sql.js';
import { RegainConfig, SelfServiceConfig, SessionConfig } from '../../config/index.js';
import { Clock } from '../../platform/clock/index.js';
import { Database } from '../../platform/database/index.js';
import type { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { insertSettingsFlow } from '../../self-service/settings/sql.js';
import { endSessions, insertDevice, insertSession } from '../../session/sql.js';

/** What follows the guarded update, whether a link is redeemed or its lost answer is made again: session, settings flow, the end of what it replaces, audit. */
const consequences = (action: string, ended: string): string => `
  live_ AS (
    SELECT grant_.id, grant_.identity_id, flow.request_url, flow.return_to
    FROM grant_ JOIN recovery_flow flow ON flow.id = grant_.flow_id WHERE grant_.expires_at > clock_timestamp()),
  session_ AS (${insertSession({
    from: 'live_',
    id: '$3::uuid',
    tokenDigest: '$4::bytea',
    identityId: 'live_.identity_id',
    methods: `ARRAY['link_recovery']`,
    origin: `'recovery'`,
    grantId: 'live_.id',
    lifespanSeconds: '$5::double precision',
  })}),
  device_ AS (${insertDevice({ from: 'session_', id: '$6::uuid', sessionId: 'session_.id', ipAddress: '$7::text', userAgent: '$8::text' })}),
  settings_ AS (${insertSettingsFlow({
    from: 'live_',
    id: '$9::uuid',
    identityId: 'live_.identity_id',
    requestUrl: 'live_.request_url',
    returnTo: 'live_.return_to',
    csrfDigest: '$11::bytea',
    lifespanSeconds: '$12::double precision',
    messages: `(SELECT jsonb_build_array(jsonb_build_object('id', 1060001, 'context', jsonb_build_object('minutes', $13::text,
        'privilegedSessionExpiresAt', ends_at, 'privileged_session_expires_at', ends_at,
        'privileged_session_expires_at_unix', floor(extract(epoch FROM ends_at)))))
      FROM (SELECT clock_timestamp() + make_interval(secs => $14::double precision) AS ends_at) AS window_)`,
  })}),
  siblings_ AS (
    UPDATE recovery_grant SET revoked_at = clock_timestamp() FROM live_
    WHERE $15::boolean AND recovery_grant.identity_id = live_.identity_id AND recovery_grant.id <> live_.id
      AND recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL),
  ended_ AS (${endSessions({ from: 'live_', where: ended })}),
  event_ AS (${insertEvent({
    from: 'live_',
    id: '$17::uuid',
    action: `'${action}'`,
    targetType: `'identity'`,
    targetId: 'live_.identity_id::text',
    grantId: 'live_.id',
    first: 18,
  })})`;

/**
 * $1 token digest, $2 flow, $26 whether a second factor is ignored. The identity's row is held, so that a session cannot be
 * made while the identity is being deactivated. Index: recovery_grant_link_digest.
 */
const OWNER = `
  WITH owner_ AS (
    SELECT recovery_grant.id AS grant_id FROM recovery_grant JOIN identity ON identity.id = recovery_grant.identity_id
    WHERE recovery_grant.digest = $1::bytea AND recovery_grant.kind = 'link' AND recovery_grant.flow_id = $2::uuid
      AND identity.state = 'active' AND ($26::boolean OR identity.available_aal = 'aal1')
    FOR SHARE OF identity)`;

const REDEEM = `
  ${OWNER},
  grant_ AS (
    UPDATE recovery_grant SET used_at = clock_timestamp(), session_id = $3::uuid, nonce_digest = $10::bytea FROM owner_
    WHERE recovery_grant.id = owner_.grant_id
      AND recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL AND recovery_grant.expires_at > clock_timestamp()
    RETURNING recovery_grant.id, recovery_grant.identity_id, recovery_grant.flow_id, recovery_grant.expires_at),
  ${consequences('recovery.link.redeemed', `session.token_digest = $16::bytea AND session.id <> $3::uuid`)}
  SELECT id FROM live_`;

/** The session that a used grant became, for the browser (nonce) that redeemed it within the last minute. Index: recovery_grant_link_digest. */
const FIRST_SESSION = `
  SELECT session_id FROM recovery_grant
  WHERE digest = $1::bytea AND kind = 'link' AND flow_id = $2::uuid AND nonce_digest = $3::bytea
    AND used_at > clock_timestamp() - interval '60 seconds'`;

/**
 * A second press by that browser: the first session ($27) ends, another one begins. Compare and swap on session_id, so that of
 * many presses at once one wins and the others look again.
 */
const REPEAT = `
  ${OWNER},
  grant_ AS (
    UPDATE recovery_grant SET session_id = $3::uuid FROM owner_
    WHERE recovery_grant.id = owner_.grant_id AND recovery_grant.session_id = $27::uuid AND recovery_grant.nonce_digest = $10::bytea
      AND recovery_grant.used_at > clock_timestamp() - interval '60 seconds' AND recovery_grant.revoked_at IS NULL
      AND recovery_grant.expires_at > clock_timestamp()
      AND EXISTS (SELECT FROM session WHERE session.id = $27::uuid AND session.active)
    RETURNING recovery_grant.id, recovery_grant.identity_id, recovery_grant.flow_id, recovery_grant.expires_at),
  ${consequences('recovery.link.redeemed_again', `(session.id = $27::uuid OR session.token_digest = $16::bytea) AND session.id <> $3::uuid`)}
  SELECT id FROM live_`;

/** Presses that lose a swap look again this often. */
const REPEAT_TRIES = 8;

export interface Redemption {
  flowId: string;
  tokenDigest: Buffer;
  /** of the new session's token */
  sessionTokenDigest: Buffer;
  /** of the new CSRF seed */
  csrfDigest: Buffer;
  /** of the confirmation's nonce; null where no confirmation is asked for */
  nonceDigest: Buffer | null;
  /** of the session that the browser brought; null: it brought none, or it stays */
  previousTokenDigest: Buffer | null;
}

/**
 * HOT: every redemption, including hostile ones, ends here.
 * Invariant: for one grant at most one session is live, and a used grant always has one.
 * Guarded by: redeem-link.race.spec.ts
 */
@Injectable()
export class RedeemLinkStatement {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly clock: Clock,
    private readonly session: SessionConfig,
    private readonly selfservice: SelfServiceConfig,
    private readonly regain: RegainConfig,
  ) {}

  /** The settings flow to go on with, or undefined for every kind of wrong. */
  async run(redemption: Redemption, current: CurrentRequest): Promise<{ settingsFlowId: string } | undefined> {
    const settingsFlowId = this.random.uuid();
    const values = this.#values(redemption, settingsFlowId, current);
    const rows = await this.db.statement('redeem_recovery_link', REDEEM, values);
    return rows.length === 1 ? { settingsFlowId } : this.#repeat(redemption, settingsFlowId, values);
  }

  async #repeat(
    redemption: Redemption,
    settingsFlowId: string,
    values: unknown[],
  ): Promise<{ settingsFlowId: string } | undefined> {
    if (redemption.nonceDigest === null) return undefined;
    const grant = [redemption.tokenDigest, redemption.flowId, redemption.nonceDigest];
    for (let tries = 0; tries < REPEAT_TRIES; tries++) {
      const [first] = await this.db.statement<{ session_id: string }>('first_recovery_session', FIRST_SESSION, grant);
      if (!first) return undefined;
      const rows = await this.db.statement('repeat_recovery_link', REPEAT, [...values, first.session_id]);
      if (rows.length === 1) return { settingsFlowId };
    }
    return undefined;
  }

  #values(redemption: Redemption, settingsFlowId: string, current: CurrentRequest): unknown[] {
    const { network, userAgent } = current.get();
    const { settings } = this.selfservice.flows;
    const window = settings.privileged_session_max_age.seconds;
    return [
      redemption.tokenDigest,
      redemption.flowId,
      this.random.uuid(),
      redemption.sessionTokenDigest,
      this.session.lifespan.seconds,
      this.random.uuid(),
      network,
      userAgent,
      settingsFlowId,
      redemption.nonceDigest,
      redemption.csrfDigest,
      settings.lifespan.seconds,
      (window / 60).toFixed(2),
      window,
      this.regain.recovery.invalidate_siblings,
      this.regain.recovery.end_previous_session ? redemption.previousTokenDigest : null,
      this.random.uuidV7(this.clock.now()),
      ...eventValues(current.get()),
      this.regain.recovery.second_factor === 'ignore',
    ];
  }
}
