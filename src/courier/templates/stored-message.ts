import { LOCALES, type Locale } from './locale.js';
import { isTemplateType, type NoticeData, type TemplateMessage } from './template-message.js';

/**
 * Turns a stored message (`template_type`, `data`, the decrypted secret) into one to render; undefined for an unknown
 * type.
 * Treats a missing or mistyped field in `data` as unknown when the message was written.
 */
export function storedMessage(
  type: string,
  data: Readonly<Record<string, unknown>>,
  { locale, secret }: { locale: Locale; secret: string },
): TemplateMessage | undefined {
  if (!isTemplateType(type)) return undefined;
  const text = (key: string): string => (typeof data[key] === 'string' ? data[key] : '');
  const minutes = typeof data['minutes'] === 'number' ? data['minutes'] : 0;
  switch (type) {
    case 'recovery_invalid':
    case 'recovery_code_invalid':
      return { type, locale, data: {} };
    case 'recovery_valid':
    case 'recovery_link_admin':
    case 'recovery_code_valid':
      return { type, locale, secret, data: { minutes } };
    case 'recovery_code_admin':
      return { type, locale, secret, data: { minutes, page: text('page') } };
    case 'recovery_not_yet':
      return { type, locale, data: { worksFrom: text('worksFrom') } };
    case 'address_changed_undo':
      return { type, locale, secret, data: { ...notice(data), minutes } };
    case 'notice_digest':
      return { type, locale, data: { at: text('at'), counts: countsIn(data['counts']) } };
    case 'recovered':
      return { type, locale, data: { ...notice(data), method: data['method'] === 'code' ? 'code' : 'link' } };
    case 'recovery_unfinished':
      return { type, locale, data: { ...notice(data), ...(data['contained'] === true && { contained: true }) } };
    case 'social_connected':
    case 'social_disconnected':
      return { type, locale, data: { ...notice(data), provider: text('provider') } };
    case 'password_changed':
    case 'password_removed':
    case 'second_factor_removed':
    case 'address_changed':
      return { type, locale, data: notice(data) };
  }
}

function countsIn(value: unknown): Record<string, number> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

function notice({ at, userAgent, byAdministrator, endsOlder }: Readonly<Record<string, unknown>>): NoticeData {
  return {
    at: typeof at === 'string' ? at : '',
    ...(typeof userAgent === 'string' && { userAgent }),
    ...(byAdministrator === true && { byAdministrator }),
    ...(endsOlder === true && { endsOlder }),
  };
}

/** The locale stored with a message, if we support it. */
export const storedLocale = (value: unknown): Locale | undefined => LOCALES.find((locale) => locale === value);
