import type { DraftMessage, Locale, Outbox, TemplateType } from '../../courier/index.js';

/** What an administrator says about sending a link or code. */
export interface DeliveryRequest {
  /** the id of a recovery address, or `default`: the one that the identity has had longest */
  to: string;
  locale?: string | undefined;
  template?: string | undefined;
  /** where answers go */
  reply_to?: string | undefined;
}

/** Where a link or code goes, and as what. */
export interface Delivery {
  readonly addressId: string;
  /** its value when it was chosen */
  readonly address: string;
  readonly template: TemplateType;
  readonly locale: Locale;
  readonly replyTo: string | undefined;
  /** whoever asked must not see the secret anywhere: not in the answer, not in the list of messages */
  readonly blind: boolean;
}

/** The message that takes a secret to the person; `data` as the template wants it. */
export function mailOf(
  outbox: Outbox,
  { addressId, address, template, locale, replyTo, blind }: Delivery,
  secret: string,
  data: { minutes: number; flow?: string; page?: string },
): { addressId: string; address: string; template: TemplateType; message: DraftMessage } {
  return { addressId, address, template, message: outbox.draft(secret, { ...data, locale, replyTo, blind }) };
}
