import { Injectable } from '@nestjs/common';
import { eventValues, insertEvent } from '../../audit/sql.js';
import { RegainConfig, SelfServiceConfig } from '../../config/index.js';
import { type DraftMessage, traitSteps } from '../../courier/index.js';
import { insertMessage } from '../../courier/sql.js';
import { identityRow, recoveryMailboxes } from '../../identity/sql.js';
import { Clock } from '../../platform/clock/index.js';
import { Database, named, type NamedStatement } from '../../platform/database/index.js';
import type { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { MessageId } from '../../platform/ui/index.js';
import type { GrantKind } from './create-grant.js';

const identity = identityRow();

/**
 * Whether the address exists affects the rows' contents, but not their number or what the flow says. The compare and
 * swap on mail_count ensures that every code sent before is seen and withdrawn.
 */
const send = (kind: GrantKind, message: number, template: string): NamedStatement =>
  named(
    `send_recovery_${kind}`,
    `
  WITH address_ AS (
    SELECT mailbox.identity_id, mailbox.value, mailbox.works_from,
      ${identity.state} = 'active' AND NOT mailbox.suspended AND ${identity.containment} IS DISTINCT FROM 'all'
        AND (:ignores_second_factor::boolean OR ${identity.available_aal} = 'aal1')
        AND NOT :withheld::boolean AS usable,
      left(${identity.traits} #>> :locale_path::text[], 35) AS locale_wish
    FROM (
      SELECT * FROM ${recoveryMailboxes('address.normalized = :normalized::text', ':address_min_age::double precision')} AS mailboxes
      ORDER BY works_from NULLS FIRST LIMIT 1) AS mailbox JOIN ${identity.from} ON ${identity.id} = mailbox.identity_id
    FOR KEY SHARE OF ${identity.alias}),
  flow_ AS (
    UPDATE recovery_flow SET state = 'sent_email', active_method = :active_method::text, submitted = recovery_flow.submitted || jsonb_build_object('email', :given::text, 'long_code', :long_code::boolean),
      messages = '[{"id": ${message}}]', node_messages = '{}', mail_count = mail_count + 1
    WHERE id = :flow_id::uuid AND mail_count = :mail_count::integer AND state <> 'passed_challenge' AND expires_at > clock_timestamp()
    RETURNING *),
  target_ AS (
    SELECT flow_.id AS flow_id, CASE WHEN usable AND works_from IS NULL THEN address_.identity_id END AS identity_id,
      address_.identity_id IS NULL AS nobodys, coalesce(address_.value, :given::text) AS recipient, coalesce(usable, false) AS usable,
      works_from, locale_wish
    FROM flow_ LEFT JOIN address_ ON true),
  withdrawn_ AS (
    UPDATE recovery_grant SET revoked_at = clock_timestamp() FROM flow_
    WHERE recovery_grant.flow_id = flow_.id AND recovery_grant.kind = 'code' AND NOT :withheld::boolean
      AND recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL),
  grant_ AS (
    INSERT INTO recovery_grant (id, kind, digest, key_id, flow_id, identity_id, sent_to, purpose, issued_by_type, created_at, expires_at)
    SELECT :grant_id::uuid, '${kind}', :digest::bytea, :key_id::text, flow_id, identity_id, :normalized::text, 'self_service', 'anonymous', now_,
      now_ + make_interval(secs => :lifetime::double precision)
    FROM target_, clock_timestamp() AS now_),
  ${insertMessage({
    name: 'message_',
    from: 'target_',
    id: ':message_id',
    status: `CASE WHEN usable OR (nobodys AND :tells_unknown::boolean AND NOT :withheld::boolean) THEN 'queued' ELSE 'suppressed' END`,
    templateType: `CASE WHEN NOT usable THEN '${template}_invalid' WHEN works_from IS NULL THEN '${template}_valid' ELSE 'recovery_not_yet' END`,
    recipient: 'recipient',
    data: `:data::jsonb || jsonb_build_object('localeWish', locale_wish)
      || CASE WHEN works_from IS NULL THEN '{}' ELSE jsonb_build_object('worksFrom', works_from) END`,
    secret: ':secret',
    keyId: ':message_key_id',
    correlationId: ':correlation_id',
    aboutId: ':grant_id',
  })},
  event_ AS (${insertEvent({
    from: 'target_',
    id: ':event_id::uuid',
    action: `'recovery.${kind}.requested'`,
    targetType: `CASE WHEN target_.identity_id IS NULL THEN 'recovery_flow' ELSE 'identity' END`,
    targetId: 'coalesce(target_.identity_id, target_.flow_id)::text',
    grantId: ':grant_id',
  })})
  SELECT * FROM flow_`,
  );

const SEND: Record<GrantKind, NamedStatement> = {
  link: send('link', MessageId.RecoveryLinkSent, 'recovery'),
  code: send('code', MessageId.RecoveryCodeSent, 'recovery_code'),
};

export interface Sending {
  kind: GrantKind;
  flowId: string;
  /** the flow's method from now on: a form may turn a flow for codes into one for links */
  method: GrantKind;
  /** number of mails that the flow had sent when it was read */
  mailCount: number;
  address: { given: string; normalized: string };
  digest: Buffer;
  /** id of the key behind a code's digest; null for a link */
  keyId: string | null;
  /** seconds */
  lifetime: number;
  message: DraftMessage;
  /** same rows and answer, but no mail, because the mailbox has enough of them; what was sent before stays valid */
  withheld: boolean;
  /** the flow accepts a code that is longer than six digits */
  longCode: boolean;
}

/**
 * HOT: handles every address that someone submits.
 * Invariant: statement, rows and answer are the same whether or not the address exists or has come of age; mail goes to
 * the stored address.
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

  /** The flow's row afterwards; undefined if it has changed since it was read, or is over. */
  async run(sending: Sending, current: CurrentRequest): Promise<Record<string, unknown> | undefined> {
    const { kind, address, message } = sending;
    const context = current.get();
    const rows = await this.db.run<Record<string, unknown>>(SEND[kind], {
      flow_id: sending.flowId,
      active_method: sending.method,
      mail_count: sending.mailCount,
      withheld: sending.withheld,
      long_code: sending.longCode,
      normalized: address.normalized,
      given: address.given,
      grant_id: this.random.uuid(),
      digest: sending.digest,
      key_id: sending.keyId,
      lifetime: sending.lifetime,
      message_id: message.id,
      data: message.data,
      secret: message.secret,
      message_key_id: message.keyId,
      tells_unknown: this.selfservice.flows.recovery.notify_unknown_recipients,
      ignores_second_factor: this.regain.recovery.second_factor === 'ignore',
      correlation_id: context.requestId,
      event_id: this.random.uuidV7(this.clock.now()),
      ...eventValues(context),
      address_min_age: this.regain.recovery.address_min_age.seconds,
      locale_path: traitSteps(this.regain.courier.locale_trait) ?? null,
    });
    return rows[0];
  }
}
