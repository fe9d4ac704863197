import { Injectable } from '@nestjs/common';
import { eventValues, insertEvent } from '../../audit/sql.js';
import { RegainConfig, SelfServiceConfig } from '../../config/index.js';
import { type DraftMessage, traitSteps } from '../../courier/index.js';
import { insertMessage } from '../../courier/sql.js';
import { Clock } from '../../platform/clock/index.js';
import { Database } from '../../platform/database/index.js';
import type { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { MessageId } from '../../platform/ui/index.js';
import type { GrantKind } from './create-grant.js';

/**
 * $1 flow, $2 what it has mailed so far, $3 address as compared, $4 address as given, $5 grant, $6 digest, $7 key id,
 * $8 lifetime in seconds, $9 message, $10 its data, $11 its secret, $12 the secret's key, $13 correlation id, $14 whether unknown
 * addresses get a message, $15 whether a second factor is ignored, $16 event, $17… who, $25 the trait that says a language.
 *
 * Whether anybody has the address changes what the rows hold, and neither how many they are nor what the flow says. The
 * compare and swap on mail_count makes sure that every code sent before is seen, and withdrawn.
 */
const send = (kind: GrantKind, message: number, template: string): string => `
  WITH address_ AS (
    SELECT recovery_address.identity_id, recovery_address.value,
      identity.state = 'active' AND ($15::boolean OR identity.available_aal = 'aal1') AS usable,
      left(identity.traits #>> $25::text[], 35) AS locale_wish
    FROM recovery_address JOIN identity ON identity.id = recovery_address.identity_id
    WHERE recovery_address.via = 'email' AND recovery_address.normalized = $3::text
    FOR KEY SHARE OF identity),
  flow_ AS (
    UPDATE recovery_flow SET state = 'sent_email', submitted = jsonb_build_object('email', $4::text),
      messages = '[{"id": ${message}}]', node_messages = '{}', mail_count = mail_count + 1
    WHERE id = $1::uuid AND mail_count = $2::integer AND state <> 'passed_challenge' AND expires_at > clock_timestamp()
    RETURNING *),
  target_ AS (
    SELECT flow_.id AS flow_id, CASE WHEN usable THEN address_.identity_id END AS identity_id, address_.identity_id IS NULL AS nobodys,
      coalesce(address_.value, $4::text) AS recipient, coalesce(usable, false) AS usable, locale_wish
    FROM flow_ LEFT JOIN address_ ON true),
  withdrawn_ AS (
    UPDATE recovery_grant SET revoked_at = clock_timestamp() FROM flow_
    WHERE recovery_grant.flow_id = flow_.id AND recovery_grant.kind = 'code'
      AND recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL),
  grant_ AS (
    INSERT INTO recovery_grant (id, kind, digest, key_id, flow_id, identity_id, sent_to, purpose, issued_by_type, created_at, expires_at)
    SELECT $5::uuid, '${kind}', $6::bytea, $7::text, flow_id, identity_id, $3::text, 'self_service', 'anonymous', now_,
      now_ + make_interval(secs => $8::double precision)
    FROM target_, clock_timestamp() AS now_),
  ${insertMessage({
    name: 'message_',
    from: 'target_',
    id: '$9',
    status: `CASE WHEN usable OR (nobodys AND $14::boolean) THEN 'queued' ELSE 'suppressed' END`,
    templateType: `CASE WHEN usable THEN '${template}_valid' ELSE '${template}_invalid' END`,
    recipient: 'recipient',
    data: `$10::jsonb || jsonb_build_object('localeWish', locale_wish)`,
    secret: '$11',
    keyId: '$12',
    correlationId: '$13',
    aboutId: '$5',
  })},
  event_ AS (${insertEvent({
    from: 'target_',
    id: '$16::uuid',
    action: `'recovery.${kind}.requested'`,
    targetType: `CASE WHEN target_.identity_id IS NULL THEN 'recovery_flow' ELSE 'identity' END`,
    targetId: 'coalesce(target_.identity_id, target_.flow_id)::text',
    grantId: '$5',
    first: 17,
  })})
  SELECT * FROM flow_`;

const SEND: Record<GrantKind, string> = {
  link: send('link', MessageId.RecoveryLinkSent, 'recovery'),
  code: send('code', MessageId.RecoveryCodeSent, 'recovery_code'),
};

export interface Sending {
  kind: GrantKind;
  flowId: string;
  /** what the flow had mailed when it was read */
  mailCount: number;
  address: { given: string; normalized: string };
  digest: Buffer;
  /** of the key behind a code's digest; a link's digest has none */
  keyId: string | null;
  /** seconds */
  lifetime: number;
  message: DraftMessage;
}

/**
 * HOT: every address that somebody submits.
 * Invariant: the same statement, rows and answer whether anybody has the address or not; mail goes to the stored one.
 * Index: recovery_address_unique, primary keys, recovery_grant_flow.
 * Guarded by: send-secret.race.spec.ts
 */
@Injectable()
export class SendSecret {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly clock: Clock,
    private readonly selfservice: SelfServiceConfig,
    private readonly regain: RegainConfig,
  ) {}

  /** The flow's row afterwards; undefined where it changed since it was read, or is over. */
  async run(sending: Sending, current: CurrentRequest): Promise<Record<string, unknown> | undefined> {
    const { kind, address, message } = sending;
    const context = current.get();
    const rows = await this.db.statement<Record<string, unknown>>(`send_recovery_${kind}`, SEND[kind], [
      sending.flowId,
      sending.mailCount,
      address.normalized,
      address.given,
      this.random.uuid(),
      sending.digest,
      sending.keyId,
      sending.lifetime,
      message.id,
      message.data,
      message.secret,
      message.keyId,
      context.requestId,
      this.selfservice.flows.recovery.notify_unknown_recipients,
      this.regain.recovery.second_factor === 'ignore',
      this.random.uuidV7(this.clock.now()),
      ...eventValues(context),
      traitSteps(this.regain.courier.locale_trait) ?? null,
    ]);
    return rows[0];
  }
}
