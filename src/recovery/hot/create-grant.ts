import { Injectable } from '@nestjs/common';
import { eventValues, insertEvent } from '../../audit/sql.js';
import type { DraftMessage } from '../../courier/index.js';
import { insertMessage } from '../../courier/sql.js';
import { Clock } from '../../platform/clock/index.js';
import { Database } from '../../platform/database/index.js';
import type { FlowType } from '../../platform/flow/index.js';
import type { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';

export type GrantKind = 'link' | 'code';

/** A link's flow still asks for an address; a code's flow asks for the code. */
const STATE: Record<GrantKind, string> = { link: 'choose_method', code: 'sent_email' };

interface Variant {
  kind: GrantKind;
  /** with a message to a stored address */
  mailed: boolean;
  /** may be repeated by its client */
  keyed: boolean;
}

/** How long an `Idempotency-Key` stands for its first request. */
const REMEMBERED = `interval '24 hours'`;
const FIRST_EXTRA = 22;

/**
 * $1 identity, $2 flow, $3 grant, $4 digest, $5 lifetime in seconds, $6 request URL, $7 return_to, $8 method, $9 issuer type,
 * $10 issuer id, $11 event, $12 flow type, $13 key id, $14 to $21 who; then, where there is a message: address, message, template,
 * data, secret, key id, correlation id, the address as it was chosen; then, where there is a key: its digest, request digest, key id, lock.
 *
 * Where another call under the same key is being answered, or was, nothing is written: the lock tells the one, the key's row
 * the other.
 */
function create({ kind, mailed, keyed }: Variant): string {
  const extra = (index: number) => `$${FIRST_EXTRA + index}`;
  const key = (index: number) => extra((mailed ? 8 : 0) + index);
  const from = `identity_, moment_${keyed ? ', key_' : ''}`;
  return `
  WITH moment_ AS (
    SELECT now_, now_ + make_interval(secs => $5::double precision) AS expires_at FROM clock_timestamp() AS now_),
  identity_ AS (${mailed ? recipient(extra(0), extra(7)) : 'SELECT id, NULL::text AS sent_to FROM identity WHERE id = $1'}),
  ${keyed ? remember(key, mailed ? extra(1) : 'NULL') : ''}
  flow_ AS (
    INSERT INTO recovery_flow (id, type, state, active_method, request_url, return_to, skip_csrf, identity_id, issued_by_admin, issued_at, expires_at)
    SELECT $2::uuid, $12::text, '${STATE[kind]}', $8::text, $6::text, $7::text, true, identity_.id, true, now_, moment_.expires_at
    FROM ${from}),
  grant_ AS (
    INSERT INTO recovery_grant (id, kind, digest, key_id, flow_id, identity_id, sent_to, issued_by_type, issued_by_id, created_at, expires_at)
    SELECT $3::uuid, '${kind}', $4::bytea, $13::text, $2::uuid, identity_.id, sent_to, $9::text, $10::text, now_, moment_.expires_at
    FROM ${from}
    RETURNING id, identity_id, expires_at),
  ${mailed ? `${message(extra)},` : ''}
  event_ AS (${insertEvent({
    from: 'grant_',
    id: '$11::uuid',
    action: `'recovery.${kind}.${mailed ? 'delivered' : 'created'}'`,
    targetType: `'identity'`,
    targetId: 'grant_.identity_id::text',
    grantId: 'grant_.id',
    first: 14,
  })})
  SELECT (SELECT expires_at FROM grant_) AS expires_at, EXISTS (SELECT FROM identity_) AS found`;
}

/** Index: recovery_address_pkey. The address may have changed since it was chosen: then it is too young, and gets nothing. */
const recipient = (address: string, value: string): string => `
    SELECT identity.id, recovery_address.value, recovery_address.normalized AS sent_to
    FROM identity JOIN recovery_address ON recovery_address.identity_id = identity.id
    WHERE identity.id = $1 AND identity.state = 'active' AND recovery_address.via = 'email' AND recovery_address.id = ${address}::uuid
      AND recovery_address.value = ${value}::text`;

const remember = (key: (index: number) => string, message: string): string => `
  lock_ AS (SELECT pg_try_advisory_xact_lock(${key(3)}::bigint) AS held),
  key_ AS (
    INSERT INTO recovery_idempotency_key AS known (digest, request_digest, key_id, flow_id, grant_id, message_id, expires_at, forget_at)
    SELECT ${key(0)}::bytea, ${key(1)}::bytea, ${key(2)}::text, $2::uuid, $3::uuid, ${message}::uuid, moment_.expires_at, now_ + ${REMEMBERED}
    FROM identity_, moment_, lock_ WHERE held
    ON CONFLICT (digest) DO UPDATE SET request_digest = excluded.request_digest, key_id = excluded.key_id, flow_id = excluded.flow_id,
      grant_id = excluded.grant_id, message_id = excluded.message_id, expires_at = excluded.expires_at, forget_at = excluded.forget_at
      WHERE known.forget_at <= clock_timestamp()
    RETURNING digest),`;

const message = (extra: (index: number) => string): string =>
  insertMessage({
    name: 'message_',
    from: 'grant_ JOIN identity_ ON identity_.id = grant_.identity_id',
    id: extra(1),
    status: `'queued'`,
    templateType: extra(2),
    recipient: 'identity_.value',
    data: extra(3),
    secret: extra(4),
    keyId: extra(5),
    correlationId: extra(6),
    aboutId: '$3',
  });

export interface NewGrant {
  kind: GrantKind;
  identityId: string;
  flowId: string;
  flowType: FlowType;
  digest: Buffer;
  /** of the key behind a code's digest; a link's digest has none */
  keyId: string | null;
  /** seconds, fractions allowed */
  lifetime: number;
  requestUrl: string;
  returnTo: string | null;
  method: GrantKind;
  mail?: { addressId: string; address: string; template: string; message: DraftMessage } | undefined;
  key?: { digest: Buffer; requestDigest: Buffer; keyId: string; lock: string } | undefined;
}

export type Creation =
  | { kind: 'created'; grantId: string; expiresAt: Date }
  /** no such identity, or its address is not there any more */
  | { kind: 'unknown' }
  /** a call under the same key is being answered, or was a moment ago */
  | { kind: 'running' };

/**
 * HOT: every recovery link or code an administrator asks for.
 * Invariant: flow, grant, audit event, message and key exist together or not at all; one call a key.
 * Index: identity_pkey, recovery_idempotency_key_pkey.
 * Guarded by: create-grant.race.spec.ts
 */
@Injectable()
export class CreateGrant {
  readonly #statements = new Map<string, string>();

  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  async run(grant: NewGrant, current: CurrentRequest): Promise<Creation> {
    const { mail, key } = grant;
    const grantId = this.random.uuid();
    const context = current.get();
    const [name, sql] = this.#statement({ kind: grant.kind, mailed: mail !== undefined, keyed: key !== undefined });
    const rows = await this.db.statement<{ expires_at: Date | null; found: boolean }>(name, sql, [
      grant.identityId,
      grant.flowId,
      grantId,
      grant.digest,
      grant.lifetime,
      grant.requestUrl,
      grant.returnTo,
      grant.method,
      context.actor.type,
      context.actor.id ?? null,
      this.random.uuidV7(this.clock.now()),
      grant.flowType,
      grant.keyId,
      ...eventValues(context),
      ...(mail ? mailValues(mail, context.requestId) : []),
      ...(key ? [key.digest, key.requestDigest, key.keyId, key.lock] : []),
    ]);
    const { expires_at: expiresAt, found } = rows[0]!;
    if (expiresAt !== null) return { kind: 'created', grantId, expiresAt };
    return { kind: found ? 'running' : 'unknown' };
  }

  #statement(variant: Variant): [name: string, sql: string] {
    const name = `create_recovery_${variant.kind}${variant.mailed ? '_mailed' : ''}${variant.keyed ? '_keyed' : ''}`;
    const sql = this.#statements.get(name) ?? create(variant);
    this.#statements.set(name, sql);
    return [name, sql];
  }
}

const mailValues = (
  { addressId, address, template, message }: NonNullable<NewGrant['mail']>,
  correlationId: string,
) => [addressId, message.id, template, message.data, message.secret, message.keyId, correlationId, address];
