import { Injectable } from '@nestjs/common';
import { eventValues, insertEvent } from '../../audit/sql.js';
import type { DraftMessage } from '../../courier/index.js';
import { RegainConfig } from '../../config/index.js';
import { insertMessage } from '../../courier/sql.js';
import { contain, identityRow, recoveryMailboxes, tightenContainment } from '../../identity/sql.js';
import { Clock } from '../../platform/clock/index.js';
import { Database, named, type NamedStatement } from '../../platform/database/index.js';
import type { FlowType } from '../../platform/flow/index.js';
import type { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { endSessions, sessionRow } from '../../session/sql.js';

const identity = identityRow();

export type GrantKind = 'link' | 'code';

/** `keep_mail`: self-service recovery by mail stays possible. */
export type Containment = 'all' | 'keep_mail';

/** A link's flow still asks for an address; a code's flow asks for the code. */
const STATE: Record<GrantKind, string> = { link: 'choose_method', code: 'sent_email' };

interface Variant {
  kind: GrantKind;
  /** with a message to a stored address */
  mailed: boolean;
  /** the client may repeat the call */
  keyed: boolean;
  /** older credentials stop working at once */
  contains: boolean;
}

/** How long an `Idempotency-Key` is bound to its first request. */
const REMEMBERED = `interval '24 hours'`;

/**
 * Writes nothing if another call with the same key is running (shown by the lock) or has finished (shown by the key's
 * row).
 */
function create({ kind, mailed, keyed, contains }: Variant): NamedStatement {
  const from = `identity_, moment_${keyed ? ', key_' : ''}`;
  return named(
    `create_recovery_${kind}${mailed ? '_mailed' : ''}${keyed ? '_keyed' : ''}${contains ? '_contained' : ''}`,
    `
  WITH moment_ AS (
    SELECT now_, now_ + make_interval(secs => :lifetime::double precision) AS expires_at FROM clock_timestamp() AS now_),
  identity_ AS (${mailed ? RECIPIENT : UNMAILED}),
  ${keyed ? remember(mailed ? ':message_id' : 'NULL') : ''}
  flow_ AS (
    INSERT INTO recovery_flow (id, type, state, active_method, request_url, return_to, skip_csrf, identity_id, issued_by_admin, issued_at, expires_at)
    SELECT :flow_id::uuid, :flow_type::text, '${STATE[kind]}', :method::text, :request_url::text, :return_to::text, true, identity_.id, true,
      now_, moment_.expires_at
    FROM ${from}),
  grant_ AS (
    INSERT INTO recovery_grant (id, kind, digest, key_id, flow_id, identity_id, sent_to, reset, issued_by_type, issued_by_id, created_at, expires_at)
    SELECT :grant_id::uuid, '${kind}', :digest::bytea, :key_id::text, :flow_id::uuid, identity_.id, sent_to, :reset::text[],
      :event_actor_type::text, :event_actor_id::text, now_, moment_.expires_at
    FROM ${from}
    RETURNING id, identity_id, expires_at),
  ${contains ? containment(from) : ''}
  ${mailed ? `${MESSAGE},` : ''}
  event_ AS (${insertEvent({
    from: 'grant_',
    id: ':event_id::uuid',
    action: `'recovery.${kind}.${mailed ? 'delivered' : 'created'}'`,
    targetType: `'identity'`,
    targetId: 'grant_.identity_id::text',
    grantId: 'grant_.id',
  })})
  SELECT (SELECT expires_at FROM grant_) AS expires_at, EXISTS (SELECT FROM identity_) AS found`,
  );
}

/** Index: identity_pkey. */
const UNMAILED = `SELECT ${identity.id}, NULL::text AS sent_to FROM ${identity.from} WHERE ${identity.id} = :identity_id`;

/** Index: recovery_address_pkey, address_history_pkey. Finds nothing if the address has changed since it was chosen. */
const RECIPIENT = `
    SELECT ${identity.id}, mailbox.value, mailbox.normalized AS sent_to
    FROM ${identity.from} JOIN ${recoveryMailboxes('address.id = :address_id::uuid', ':address_min_age::double precision')} AS mailbox
      ON mailbox.identity_id = ${identity.id}
    WHERE ${identity.id} = :identity_id AND ${identity.state} = 'active' AND mailbox.value = :address::text
      AND mailbox.works_from IS NULL AND NOT mailbox.suspended`;

const remember = (message: string): string => `
  lock_ AS (SELECT pg_try_advisory_xact_lock(:lock::bigint) AS held),
  key_ AS (
    INSERT INTO recovery_idempotency_key AS known (digest, request_digest, key_id, flow_id, grant_id, message_id, expires_at, forget_at)
    SELECT :key_digest::bytea, :request_digest::bytea, :request_key_id::text, :flow_id::uuid, :grant_id::uuid, ${message}::uuid, moment_.expires_at, now_ + ${REMEMBERED}
    FROM identity_, moment_, lock_ WHERE held
    ON CONFLICT (digest) DO UPDATE SET request_digest = excluded.request_digest, key_id = excluded.key_id, flow_id = excluded.flow_id,
      grant_id = excluded.grant_id, message_id = excluded.message_id, expires_at = excluded.expires_at, forget_at = excluded.forget_at
      WHERE known.forget_at <= clock_timestamp()
    RETURNING digest),`;

const MESSAGE = insertMessage({
  name: 'message_',
  from: 'grant_ JOIN identity_ ON identity_.id = grant_.identity_id',
  id: ':message_id',
  status: `'queued'`,
  templateType: ':template',
  recipient: 'identity_.value',
  data: ':data',
  secret: ':secret',
  keyId: ':message_key_id',
  correlationId: ':correlation_id',
  aboutId: ':grant_id',
});

/**
 * Part of the statement that issues the grant: without a grant, no containment. A contained identity stays as it is,
 * except that `keep_mail` may become `all`.
 */
const containment = (from: string): string => `
  contained_ AS (${contain({ from, identityId: 'identity_.id', mode: ':containment::text', at: 'now_', by: ':grant_id::uuid' })}),
  tightened_ AS (${tightenContainment({
    from,
    identityId: 'identity_.id',
    mode: ':containment::text',
    where: 'NOT EXISTS (SELECT FROM contained_)',
  })}),
  ended_ AS (${endSessions({ from: 'contained_', where: `${sessionRow().identity_id} = contained_.id` })}),
  withdrawn_ AS (
    UPDATE recovery_grant SET revoked_at = clock_timestamp() FROM contained_
    WHERE recovery_grant.identity_id = contained_.id AND recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL
    RETURNING recovery_grant.id),
  containment_event_ AS (${insertEvent({
    from: 'contained_',
    id: ':containment_event_id::uuid',
    action: `'identity.contained'`,
    targetType: `'identity'`,
    targetId: 'contained_.id::text',
    grantId: ':grant_id::uuid',
    detail: `jsonb_build_object('ended', jsonb_build_object('sessions', (SELECT count(*) FROM ended_), 'grants', (SELECT count(*) FROM withdrawn_)))`,
  })}),`;

const STATEMENTS = new Map<string, NamedStatement>();

/** Builds each statement when it is first needed. */
function statementFor(variant: Variant): NamedStatement {
  const key = JSON.stringify([variant.kind, variant.mailed, variant.keyed, variant.contains]);
  const known = STATEMENTS.get(key) ?? create(variant);
  STATEMENTS.set(key, known);
  return known;
}

export interface NewGrant {
  kind: GrantKind;
  identityId: string;
  flowId: string;
  flowType: FlowType;
  digest: Buffer;
  /** id of the key behind a code's digest; null for a link */
  keyId: string | null;
  /** seconds, fractions allowed */
  lifetime: number;
  requestUrl: string;
  returnTo: string | null;
  /** the method that the flow shows */
  method: GrantKind;
  mail?: { addressId: string; address: string; template: string; message: DraftMessage } | undefined;
  /** absent: no containment */
  containment?: Containment | undefined;
  /** credential types to remove once a credential is set */
  reset?: readonly string[] | undefined;
  key?: { digest: Buffer; requestDigest: Buffer; keyId: string; lock: string } | undefined;
}

export type Creation =
  | { kind: 'created'; grantId: string; expiresAt: Date }
  /** the identity does not exist, or no longer has the address */
  | { kind: 'unknown' }
  /** a call with the same key is running, or was a moment ago */
  | { kind: 'running' };

/**
 * HOT: issues every recovery link or code that an administrator requests.
 * Invariant: flow, grant, audit event, message and key are written together or not at all; one call per key.
 * Index: identity_pkey, recovery_idempotency_key_pkey.
 * Guarded by: create-grant.race.spec.ts
 */
@Injectable()
export class CreateGrant {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly clock: Clock,
    private readonly regain: RegainConfig,
  ) {}

  async run(grant: NewGrant, current: CurrentRequest): Promise<Creation> {
    const { mail, key } = grant;
    const grantId = this.random.uuid();
    const context = current.get();
    const contains = grant.containment !== undefined;
    const statement = statementFor({
      kind: grant.kind,
      mailed: mail !== undefined,
      keyed: key !== undefined,
      contains,
    });
    const rows = await this.db.run<{ expires_at: Date | null; found: boolean }>(statement, {
      identity_id: grant.identityId,
      flow_id: grant.flowId,
      flow_type: grant.flowType,
      grant_id: grantId,
      digest: grant.digest,
      key_id: grant.keyId,
      lifetime: grant.lifetime,
      request_url: grant.requestUrl,
      return_to: grant.returnTo,
      method: grant.method,
      reset: grant.reset ?? [],
      containment: grant.containment,
      containment_event_id: this.random.uuidV7(this.clock.now()),
      event_id: this.random.uuidV7(this.clock.now()),
      ...eventValues(context),
      ...(mail && mailValues(mail, context.requestId)),
      address_min_age: this.regain.recovery.address_min_age.seconds,
      ...(key && {
        key_digest: key.digest,
        request_digest: key.requestDigest,
        request_key_id: key.keyId,
        lock: key.lock,
      }),
    });
    const { expires_at: expiresAt, found } = rows[0]!;
    if (expiresAt !== null) return { kind: 'created', grantId, expiresAt };
    return { kind: found ? 'running' : 'unknown' };
  }
}

const mailValues = (
  { addressId, address, template, message }: NonNullable<NewGrant['mail']>,
  correlationId: string,
) => ({
  address_id: addressId,
  address,
  message_id: message.id,
  template,
  data: message.data,
  secret: message.secret,
  message_key_id: message.keyId,
  correlation_id: correlationId,
});
