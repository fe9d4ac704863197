import { insertEvent } from '../../audit/sql.js';
import { insertNotices } from '../../courier/sql.js';
import {
  admitsGrant,
  confirmAddresses,
  endSessionsBefore,
  identityRow,
  noteTold,
  recoveryMailboxes,
  toldMailboxesOf,
} from '../../identity/sql.js';
import { MessageId } from '../../platform/ui/index.js';
import { insertSettingsFlow } from '../../self-service/settings/sql.js';
import { endSessions, insertDevice, insertSession, sessionRow } from '../../session/sql.js';
import { handsOver } from './hands-over.js';

const identity = identityRow();
const session = sessionRow();

/**
 * What the configuration says about redemptions. It can't change while the process runs, so it is part of the
 * statement's text.
 */
export interface Rules {
  /** nothing older opens the account until a credential is set; if false, this applies only to contained identities */
  handsOver: boolean;
  /** the identity's other links and codes are withdrawn */
  siblingsEnd: boolean;
  /** the identity's other sessions end */
  othersEnd: boolean;
  /** the session that the browser sent ends */
  previousEnds: boolean;
  /** the recovery flow doesn't reveal afterwards that it was used */
  uniform: boolean;
  /** an identity with a second factor recovers like any other */
  ignoresSecondFactor: boolean;
  /** seconds until an address that a token added gets a secret */
  addressMinAge: number;
  /** the person is notified */
  told: boolean;
}

interface Parts {
  action: string;
  /** the session's authentication method */
  method: 'link_recovery' | 'code_recovery';
  /** SQL: the type of the settings flow; can refer to `live_` */
  settingsType: string;
  /** SQL: the recovery flow's new CSRF digest; absent: unchanged */
  flowDigest?: string;
  /** SQL: the first session of a grant that is redeemed again; it ends whatever the configuration says */
  again?: string;
}

/**
 * The parts that follow the guarded update `grant_` of a link or code, in the same statement: session, settings flow,
 * proof of the address, the end of what is replaced, the notice to the person, audit. Parts that the rules don't need
 * are left out, because PostgreSQL sets up every part of a statement each time, even if it finds no rows.
 *
 * Other sessions end in two ways. The statement ends those that it sees, and it raises the epoch (without a hand-over:
 * sessions issued before the new one become invalid). So a login that commits while this waits for the identity's row
 * can't slip through.
 */
export const consequences = ({ action, method, settingsType, ...parts }: Parts, rules: Rules): string => `
  live_ AS (
    SELECT grant_.id, grant_.identity_id, grant_.sent_to, grant_.purpose, grant_.reset, grant_.contained,
      grant_.access_epoch + ${rules.handsOver ? '1' : 'grant_.contained::integer'} AS access_epoch, flow.id AS flow_id, flow.type, flow.return_to,
      CASE WHEN flow.issued_by_admin AND grant_.kind = 'link' THEN flow.request_url ELSE :request_url::text END AS request_url
    FROM grant_ JOIN recovery_flow flow ON flow.id = grant_.flow_id WHERE grant_.expires_at > clock_timestamp()),
  session_ AS (${insertSession({
    from: 'live_',
    id: ':session_id::uuid',
    tokenDigest: ':session_token_digest::bytea',
    identityId: 'live_.identity_id',
    epoch: 'live_.access_epoch',
    methods: `ARRAY['${method}']`,
    origin: `'recovery'`,
    grantId: 'live_.id',
    lifespanSeconds: ':session_seconds::double precision',
  })}),
  device_ AS (${insertDevice({
    from: 'session_',
    id: ':device_id::uuid',
    sessionId: 'session_.id',
    ipAddress: ':network::text',
    userAgent: ':user_agent::text',
  })}),
  settings_ AS (${insertSettingsFlow({
    from: 'live_',
    id: ':settings_flow_id::uuid',
    type: settingsType,
    identityId: 'live_.identity_id',
    epoch: 'live_.access_epoch',
    requestUrl: 'live_.request_url',
    returnTo: 'coalesce(live_.return_to, :default_return_to::text)',
    csrfDigest: ':csrf_digest::bytea',
    lifespanSeconds: ':settings_seconds::double precision',
    messages: RECOVERED,
  })}),
  verified_ AS (${confirmAddresses({ from: 'live_', identityId: 'live_.identity_id', via: `'email'`, normalized: 'live_.sent_to' })}),
  handed_over_ AS (${handsOver({ where: rules.handsOver ? 'true' : 'live_.contained', again: parts.again !== undefined })}),
  ${flowAfter(parts, rules)}
  ${rules.siblingsEnd ? SIBLINGS : ''}
  ${endedSessions(parts, rules)}
  ${rules.othersEnd && !rules.handsOver ? OLDER : ''}
  ${rules.othersEnd ? OTHERS : ''}
  ${rules.told ? notice(method) : ''}
  event_ AS (${insertEvent({
    from: 'live_',
    id: ':event_id::uuid',
    action: `'${action}'`,
    targetType: `'identity'`,
    targetId: 'live_.identity_id::text',
    grantId: 'live_.id',
  })})`;

/** Columns of the identity's row that `owner_` must also select. */
export const OWNER_COLUMNS = `${identity.access_epoch}, ${identity.contained_at} IS NOT NULL AS contained`;

/** Columns that `grant_` must return. */
export const GRANT_COLUMNS = ['id', 'kind', 'identity_id', 'flow_id', 'sent_to', 'purpose', 'reset', 'expires_at']
  .map((column) => `recovery_grant.${column}`)
  .concat('owner_.access_epoch', 'owner_.contained')
  .join(', ');

/**
 * Conditions on a grant and its identity, in addition to the secret. A mailed grant depends on its address: once the
 * identity has replaced it, the grant no longer works.
 */
export const mayRecover = ({ ignoresSecondFactor, addressMinAge }: Rules): string => `
      ${admitsGrant(identity.alias, 'recovery_grant')} ${ignoresSecondFactor ? '' : `AND ${identity.available_aal} = 'aal1'`}
      AND (recovery_grant.sent_to IS NULL OR EXISTS (SELECT FROM ${recoveryMailboxes(
        `address.identity_id = ${identity.id} AND address.normalized = recovery_grant.sent_to`,
        String(addressMinAge),
      )} AS mailbox WHERE works_from IS NULL AND NOT suspended))`;

const RECOVERED = `(SELECT jsonb_build_array(jsonb_build_object('id', ${MessageId.RecoverySucceeded},
      'context', jsonb_build_object('minutes', :window_minutes::text,
        'privilegedSessionExpiresAt', ends_at, 'privileged_session_expires_at', ends_at,
        'privileged_session_expires_at_unix', floor(extract(epoch FROM ends_at)))))
    FROM (SELECT clock_timestamp() + make_interval(secs => :window_seconds::double precision) AS ends_at) AS window_)`;

function flowAfter({ flowDigest }: Pick<Parts, 'flowDigest'>, { uniform }: Rules): string {
  const changes = [
    ...(flowDigest === undefined ? [] : [`csrf_digest = ${flowDigest}`]),
    ...(uniform ? [] : [`state = 'passed_challenge'`, `messages = '[]'`]),
  ];
  if (changes.length === 0) return '';
  return `passed_ AS (UPDATE recovery_flow SET ${changes.join(', ')} FROM live_ WHERE recovery_flow.id = live_.flow_id),`;
}

/** A self-service grant withdraws nothing that an administrator issued. */
const SIBLINGS = `
  siblings_ AS (
    UPDATE recovery_grant SET revoked_at = clock_timestamp() FROM live_
    WHERE recovery_grant.identity_id = live_.identity_id AND recovery_grant.id <> live_.id
      AND (live_.purpose <> 'self_service' OR recovery_grant.purpose = 'self_service')
      AND recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL),`;

function endedSessions({ again }: Pick<Parts, 'again'>, { othersEnd, previousEnds }: Rules): string {
  const which = [
    ...(again === undefined ? [] : [again]),
    ...(previousEnds ? [`${session.token_digest} = :previous_token_digest::bytea`] : []),
    ...(othersEnd ? [`${session.identity_id} = live_.identity_id`] : []),
  ];
  if (which.length === 0) return '';
  const where = `(${which.join(' OR ')}) AND ${session.id} <> :session_id::uuid`;
  return `ended_ AS (${endSessions({ from: 'live_', where })}),`;
}

const OLDER = `
  valid_ AS (${endSessionsBefore({
    from: 'session_ JOIN live_ ON live_.identity_id = session_.identity_id',
    where: 'NOT live_.contained',
    identityId: 'session_.identity_id',
    moment: 'session_.issued_at',
  })}),`;

const OTHERS = `
  revoked_ AS (${insertEvent({
    from: '(SELECT * FROM live_ WHERE EXISTS (SELECT FROM ended_ WHERE ended_.identity_id = live_.identity_id)) AS others_',
    id: ':revoked_event_id::uuid',
    action: `'session.others_revoked'`,
    targetType: `'identity'`,
    targetId: 'others_.identity_id::text',
    grantId: 'others_.id',
  })}),`;

const notice = (method: Parts['method']): string => `
  told_ AS (
    SELECT live_.identity_id, mailbox.value, mailbox.known, :notice_data::jsonb || jsonb_build_object('method', '${method.replace('_recovery', '')}',
      'localeWish', left(${identity.traits} #>> :locale_path::text[], 100)) AS data
    FROM live_ JOIN ${identity.from} ON ${identity.id} = live_.identity_id CROSS JOIN LATERAL ${toldMailboxesOf(identity.id)} AS mailbox),
  once_ AS (${noteTold({ from: 'told_', where: 'NOT told_.known', identityId: 'told_.identity_id', value: 'told_.value' })}),
  ${insertNotices({
    name: 'notice_',
    from: 'told_',
    identityId: 'told_.identity_id',
    id: 'gen_random_uuid()',
    templateType: `'recovered'`,
    recipient: 'told_.value',
    data: 'told_.data',
    correlationId: ':notice_correlation_id',
  })},`;
