import type { Locale } from './locale.js';

/** Data of a notice about a change to an account. Contains no secret. */
export interface NoticeData {
  /** when it happened, RFC 3339 */
  readonly at: string;
  /** raw header of the request that did it; only names we know are shown */
  readonly userAgent?: string | undefined;
  /** true if an administrator did it; the device is theirs, and is not shown */
  readonly byAdministrator?: boolean | undefined;
  /** true if it closed a hand-over, which ended everything older */
  readonly endsOlder?: boolean | undefined;
}

interface Validity {
  /** how long the link or code works */
  readonly minutes: number;
}

/** Data of each template, and what its secret is. */
interface TemplateData {
  /** secret: the whole link */
  recovery_valid: Validity;
  /** sent to an address that no account has; no secret */
  recovery_invalid: Record<never, never>;
  /** secret: the code */
  recovery_code_valid: Validity;
  recovery_code_invalid: Record<never, never>;
  /** a link sent by an administrator; secret: the whole link */
  recovery_link_admin: Validity;
  /** a code sent by an administrator; secret: the code; `page`: URL of the page that accepts it */
  recovery_code_admin: Validity & { readonly page: string };
  /** sent to an address that is too new for a secret; `worksFrom`: RFC 3339 */
  recovery_not_yet: { readonly worksFrom: string };
  password_changed: NoticeData;
  password_removed: NoticeData;
  second_factor_removed: NoticeData;
  /** someone has recovered the account */
  recovered: NoticeData & { readonly method: 'link' | 'code' };
  /** `at` and the device are those of the redemption; `contained`: no one can sign in meanwhile */
  recovery_unfinished: NoticeData & { readonly contained?: boolean | undefined };
  /** sent to the addresses the account had before */
  address_changed: NoticeData;
  /** the same if an administrator's token made the change; secret: the whole link that undoes it */
  address_changed_undo: NoticeData & Validity;
  /** events that are too frequent for separate notices */
  notice_digest: { readonly at: string; readonly counts: Readonly<Record<string, number>> };
  /** `provider`: its label */
  social_connected: NoticeData & { readonly provider: string };
  social_disconnected: NoticeData & { readonly provider: string };
}

export type TemplateType = keyof TemplateData;
type SecretTemplateType =
  'recovery_valid' | 'recovery_code_valid' | 'recovery_link_admin' | 'recovery_code_admin' | 'address_changed_undo';

/** A message to render. If its secret must stay hidden, `secret` is a placeholder. */
export type TemplateMessage = {
  [Type in TemplateType]: {
    readonly type: Type;
    readonly locale: Locale;
    readonly data: TemplateData[Type];
  } & (Type extends SecretTemplateType ? { readonly secret: string } : { readonly secret?: undefined });
}[TemplateType];

/** The sender of the messages. */
export interface Sender {
  readonly brand: string;
  /** whom to ask for help: a sentence, an address or a URL */
  readonly support?: string | undefined;
}

/** A message as sent and shown. */
export interface RenderedMessage {
  /** one line */
  readonly subject: string;
  /** plain text, lines end in \n */
  readonly text: string;
  /** a whole document */
  readonly html: string;
}

const SECRETS: Record<TemplateType, 'link' | 'code' | undefined> = {
  recovery_valid: 'link',
  recovery_invalid: undefined,
  recovery_code_valid: 'code',
  recovery_code_invalid: undefined,
  recovery_link_admin: 'link',
  recovery_code_admin: 'code',
  recovery_not_yet: undefined,
  password_changed: undefined,
  password_removed: undefined,
  second_factor_removed: undefined,
  recovered: undefined,
  recovery_unfinished: undefined,
  address_changed: undefined,
  address_changed_undo: 'link',
  notice_digest: undefined,
  social_connected: undefined,
  social_disconnected: undefined,
};

export const TEMPLATE_TYPES = Object.keys(SECRETS) as TemplateType[];

export const isTemplateType = (text: string): text is TemplateType => Object.hasOwn(SECRETS, text);

/** Which secret the message contains, if any. */
export const secretOf = (type: TemplateType): 'link' | 'code' | undefined => SECRETS[type];
