import type { Locale } from './locale.js';

/** What is said about an account after something happened to it. No secret. */
export interface NoticeData {
  /** when it happened: RFC 3339 */
  readonly at: string;
  /** of the request that did it, as it was sent; only names that we know are shown */
  readonly userAgent?: string | undefined;
  /** an administrator did it; the device is theirs then, and is not shown */
  readonly byAdministrator?: boolean | undefined;
  /** it closed a hand-over: everything older is over */
  readonly endsOlder?: boolean | undefined;
}

interface Validity {
  /** how long the link or code works */
  readonly minutes: number;
}

/** Template by template: the data, and what its secret is. */
interface TemplateData {
  /** secret: the whole link */
  recovery_valid: Validity;
  /** to an address that nobody has; no secret */
  recovery_invalid: Record<never, never>;
  /** secret: the code */
  recovery_code_valid: Validity;
  recovery_code_invalid: Record<never, never>;
  /** a link that an administrator sends; secret: the whole link */
  recovery_link_admin: Validity;
  /** a code that an administrator sends; secret: the code, `page`: the address of the page that takes it */
  recovery_code_admin: Validity & { readonly page: string };
  /** to an address that is too young for a secret; `worksFrom`: RFC 3339 */
  recovery_not_yet: { readonly worksFrom: string };
  password_changed: NoticeData;
  password_removed: NoticeData;
  second_factor_removed: NoticeData;
  /** somebody is back in the account */
  recovered: NoticeData & { readonly method: 'link' | 'code' };
  /** `at` and the device are of the redemption; `contained`: nobody can sign in meanwhile */
  recovery_unfinished: NoticeData & { readonly contained?: boolean | undefined };
  /** goes to the addresses as they were before */
  address_changed: NoticeData;
  /** the same where an administrator's token did it; secret: the whole link that undoes it */
  address_changed_undo: NoticeData & Validity;
  /** what happened so often that not everything is told by itself */
  notice_digest: { readonly at: string; readonly counts: Readonly<Record<string, number>> };
  /** `provider`: its label */
  social_connected: NoticeData & { readonly provider: string };
  social_disconnected: NoticeData & { readonly provider: string };
}

export type TemplateType = keyof TemplateData;
type SecretTemplateType =
  'recovery_valid' | 'recovery_code_valid' | 'recovery_link_admin' | 'recovery_code_admin' | 'address_changed_undo';

/** A message to render. Where a secret is to stay hidden, it is the word that stands for it. */
export type TemplateMessage = {
  [Type in TemplateType]: {
    readonly type: Type;
    readonly locale: Locale;
    readonly data: TemplateData[Type];
  } & (Type extends SecretTemplateType ? { readonly secret: string } : { readonly secret?: undefined });
}[TemplateType];

/** Who the messages come from. */
export interface Sender {
  readonly brand: string;
  /** a sentence, an address or a URL: whom to ask for help */
  readonly support?: string | undefined;
}

/** A message as it is sent and shown. */
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

/** What the message lets people do something with that nobody else can. */
export const secretOf = (type: TemplateType): 'link' | 'code' | undefined => SECRETS[type];
