import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CourierConfig, RegainConfig } from '../config/index.js';
import { Clock } from '../platform/clock/index.js';
import { CurrentRequest } from '../platform/http/index.js';
import { Random } from '../platform/random/index.js';
import { insertMessage, insertNotices } from './sql.js';
import { Outbox } from './outbox.js';
import { type NoticeData, type TemplateType, traitAt, traitSteps } from './templates/index.js';

/**
 * An event in an account that its owner should hear about: a template's name, and its data besides the circumstances.
 */
export type Notice =
  | { readonly type: 'password_removed' | 'second_factor_removed' | 'address_changed' }
  | { readonly type: 'password_changed'; readonly endsOlder?: boolean }
  | { readonly type: 'social_connected'; readonly provider: string; readonly endsOlder?: boolean }
  | { readonly type: 'social_disconnected'; readonly provider: string };

/** What the statement that writes a notice needs besides the addresses. */
interface DraftNotice {
  /** JSON without secrets */
  readonly data: string;
  /** path of the language in the traits; null: not configured */
  readonly localePath: readonly string[] | null;
  readonly correlationId: string;
}

/** Sent at once and not counted: an identity has only one such link until it is used or expires. */
const OFFER = `
  WITH given_ AS (SELECT ?::text AS template, ?::jsonb AS data, ?::text AS correlation_id),
  mailbox_ AS (SELECT * FROM jsonb_to_recordset(?::jsonb) AS mailbox_ (id uuid, address text, secret text, key_id text)),
  ${insertMessage({
    name: 'notice_',
    from: 'mailbox_, given_',
    id: 'mailbox_.id',
    status: `'queued'`,
    templateType: 'given_.template',
    recipient: 'mailbox_.address',
    data: 'given_.data',
    secret: `decode(mailbox_.secret, 'hex')`,
    keyId: 'mailbox_.key_id',
    correlationId: 'given_.correlation_id',
  })}
  SELECT id FROM notice_`;

const TELL = `
  WITH given_ AS (SELECT ?::text AS template, ?::jsonb AS data, ?::text AS correlation_id),
  mailbox_ AS (SELECT * FROM jsonb_to_recordset(?::jsonb) AS mailbox_ (id uuid, identity_id uuid, address text)),
  ${insertNotices({
    name: 'notice_',
    from: '(SELECT * FROM mailbox_, given_) AS told_',
    identityId: 'told_.identity_id',
    id: 'told_.id',
    templateType: 'told_.template',
    recipient: 'told_.address',
    data: 'told_.data',
    correlationId: 'told_.correlation_id',
  })}
  SELECT id FROM notice_`;

/** Tells people about changes to their account. */
@Injectable()
export class Notices {
  constructor(
    private readonly current: CurrentRequest,
    private readonly random: Random,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly courier: CourierConfig,
    private readonly regain: RegainConfig,
  ) {}

  /** False if delivery or notices are off. */
  get on(): boolean {
    return this.regain.courier.notices && this.courier.delivers;
  }

  /** Whether an offer to undo a change would reach anyone; it links to one of our pages. */
  get offersUndo(): boolean {
    return this.courier.delivers && this.regain.ui.enabled;
  }

  /**
   * Writes a notice to each address, in the transaction of the change. Above an hourly limit per identity, notices are
   * combined into one message.
   */
  async tell(
    em: SqlEntityManager,
    { identityId, addresses, traits }: { identityId: string; addresses: readonly string[]; traits: unknown },
    notice: Notice,
  ): Promise<void> {
    const { type, ...more } = notice;
    const mailboxes = addresses.map((address) => ({ id: this.random.uuid(), identity_id: identityId, address }));
    await this.#write(em, TELL, [type, { ...more, localeWish: this.#localeOf(traits) }, mailboxes]);
  }

  /**
   * Tells each address about a change and includes a link with which its holder can undo it. Sent even if notices are
   * off, because the change would not be allowed without it.
   * @param worksFor minutes that the link works
   */
  async offerUndo(
    em: SqlEntityManager,
    addresses: readonly string[],
    traits: unknown,
    { token, worksFor }: { token: string; worksFor: number },
  ): Promise<void> {
    const more = { undo: true, minutes: worksFor };
    const drafts = addresses.map((address) => ({ address, draft: this.outbox.draft(token, {}) }));
    const mailboxes = drafts.map(({ address, draft: { id, secret, keyId } }) => ({
      id,
      address,
      secret: secret?.toString('hex'),
      key_id: keyId,
    }));
    await this.#write(em, OFFER, ['address_changed_undo', { ...more, localeWish: this.#localeOf(traits) }, mailboxes]);
  }

  async #write(
    em: SqlEntityManager,
    sql: string,
    [type, more, mailboxes]: [type: TemplateType, more: object, mailboxes: readonly object[]],
  ): Promise<void> {
    const data = JSON.stringify({ ...this.#circumstances(), ...more });
    const values = [type, data, this.current.get().requestId, JSON.stringify(mailboxes)];
    await em.getConnection().execute(sql, values, 'all', em.getTransactionContext());
  }

  #localeOf(traits: unknown): unknown {
    return traitAt(traits, this.regain.courier.locale_trait);
  }

  /** For a recovery's own statement, which writes the notice itself. */
  recovered(): DraftNotice {
    return {
      data: JSON.stringify(this.#circumstances()),
      localePath: traitSteps(this.regain.courier.locale_trait) ?? null,
      correlationId: this.current.get().requestId,
    };
  }

  /** When it happened and on which device. An administrator's device is left out: it does not concern the person. */
  #circumstances(): NoticeData {
    const { actor, userAgent } = this.current.get();
    const at = this.clock.now().toISOString();
    const byAdministrator = actor.type === 'access_token' || actor.type === 'operator' || actor.type === 'system';
    return byAdministrator ? { at, byAdministrator } : { at, userAgent };
  }
}
