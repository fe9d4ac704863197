import type { DraftMessage, Locale, Outbox, TemplateType } from '../../courier/index.js';

/** An administrator's request to send a link or code. */
export interface DeliveryRequest {
  /** the id of a recovery address, or `default`: the address that the identity has had longest */
  to: string;
  locale?: string | undefined;
  template?: string | undefined;
  /** the Reply-To address */
  reply_to?: string | undefined;
}

/** Where a link or code is sent, and with which template. */
export interface Delivery {
  readonly addressId: string;
  /** its value when it was chosen */
  readonly address: string;
  readonly template: TemplateType;
  readonly locale: Locale;
  readonly replyTo: string | undefined;
  /** the caller must not see the secret anywhere, neither in the answer nor in the list of messages */
  readonly blind: boolean;
}

/** The message that carries a secret to the person; `data` is what the template needs. */
export function mailOf(
  outbox: Outbox,
  { addressId, address, template, locale, replyTo, blind }: Delivery,
  secret: string,
  data: { minutes: number; flow?: string; page?: string },
): { addressId: string; address: string; template: TemplateType; message: DraftMessage } {
  return { addressId, address, template, message: outbox.draft(secret, { ...data, locale, replyTo, blind }) };
}
