import { Injectable } from '@nestjs/common';
import { eventValues, insertEvent } from '../../audit/sql.js';
import { Clock } from '../../platform/clock/index.js';
import { Database } from '../../platform/database/index.js';
import type { FlowType } from '../../platform/flow/index.js';
import type { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';

export type GrantKind = 'link' | 'code';

/** A link's flow still asks for an address; a code's flow asks for the code. */
const STATE: Record<GrantKind, string> = { link: 'choose_method', code: 'sent_email' };

/**
 * $1 identity, $2 flow, $3 grant, $4 digest, $5 lifetime in seconds, $6 request URL, $7 return_to, $8 method, $9 issuer type,
 * $10 issuer id, $11 event, $12 flow type, $13 key id, $14… who.
 */
const create = (kind: GrantKind): string => `
  WITH moment_ AS (
    SELECT now_, now_ + make_interval(secs => $5::double precision) AS expires_at FROM clock_timestamp() AS now_),
  identity_ AS (
    SELECT id FROM identity WHERE id = $1),
  flow_ AS (
    INSERT INTO recovery_flow (id, type, state, active_method, request_url, return_to, skip_csrf, identity_id, issued_by_admin, issued_at, expires_at)
    SELECT $2::uuid, $12::text, '${STATE[kind]}', $8::text, $6::text, $7::text, true, identity_.id, true, now_, expires_at
    FROM identity_, moment_),
  grant_ AS (
    INSERT INTO recovery_grant (id, kind, digest, key_id, flow_id, identity_id, issued_by_type, issued_by_id, created_at, expires_at)
    SELECT $3::uuid, '${kind}', $4::bytea, $13::text, $2::uuid, identity_.id, $9::text, $10::text, now_, expires_at
    FROM identity_, moment_
    RETURNING id, identity_id, expires_at),
  event_ AS (${insertEvent({
    from: 'grant_',
    id: '$11::uuid',
    action: `'recovery.${kind}.created'`,
    targetType: `'identity'`,
    targetId: 'grant_.identity_id::text',
    grantId: 'grant_.id',
    first: 14,
  })})
  SELECT expires_at FROM grant_`;

const CREATE: Record<GrantKind, string> = { link: create('link'), code: create('code') };

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
}

/**
 * HOT: every recovery link or code an administrator asks for.
 * Invariant: flow, grant and audit event exist together or not at all.
 * Index: identity_pkey.
 */
@Injectable()
export class CreateGrant {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  /** When the grant expires and its id, or undefined if there is no such identity. */
  async run(grant: NewGrant, current: CurrentRequest): Promise<{ grantId: string; expiresAt: Date } | undefined> {
    const grantId = this.random.uuid();
    const actor = current.actor;
    const rows = await this.db.statement<{ expires_at: Date }>(`create_recovery_${grant.kind}`, CREATE[grant.kind], [
      grant.identityId,
      grant.flowId,
      grantId,
      grant.digest,
      grant.lifetime,
      grant.requestUrl,
      grant.returnTo,
      grant.method,
      actor.type,
      actor.id ?? null,
      this.random.uuidV7(this.clock.now()),
      grant.flowType,
      grant.keyId,
      ...eventValues(current.get()),
    ]);
    return rows[0] && { grantId, expiresAt: rows[0].expires_at };
  }
}
