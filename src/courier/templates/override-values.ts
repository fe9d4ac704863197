import { deviceText } from './content.js';
import type { Overrides, Part } from './override-file.js';
import { secretOf, type Sender, type TemplateMessage, type TemplateType } from './template-message.js';
import { inOneLine, readableTime, sayIn, span } from './words.js';

/** The placeholders that a template's files may use between `{{` and `}}`. */
export function placeholdersOf(type: TemplateType): readonly string[] {
  const everywhere = ['brand', 'support'];
  const secret = secretOf(type);
  if (secret === 'link') return ['link', 'minutes', 'expires_in', ...everywhere];
  if (secret === 'code')
    return ['code', ...(type === 'recovery_code_admin' ? ['page'] : []), 'minutes', 'expires_in', ...everywhere];
  if (type === 'recovery_not_yet' || type === 'notice_digest') return ['time', ...everywhere];
  if (type === 'recovery_invalid' || type === 'recovery_code_invalid') return everywhere;
  const more = type === 'recovered' ? ['method'] : type.startsWith('social_') ? ['provider'] : [];
  return ['time', 'device', ...more, ...everywhere];
}

/** A placeholder with its braces; the first group is its name. */
export const PLACEHOLDER = /\{\{\s*([a-z_]+)\s*\}\}/g;

/** The message parts from the operator's files, with their placeholders filled in. */
export function overridden(
  message: TemplateMessage,
  sender: Sender,
  overrides: Overrides,
): Partial<Record<Part, string>> {
  const own = overrides.get(`${message.type}/${message.locale}`);
  if (own === undefined) return {};
  const values = valuesOf(message, sender);
  return {
    ...(own.subject !== undefined && { subject: fill(own.subject, values, asIs) }),
    ...(own.text !== undefined && { text: fill(own.text, values, asIs) }),
    ...(own.html !== undefined && { html: fill(own.html, values, escapeHtml) }),
  };
}

/** A single pass, so that braces within a value are not expanded. */
const fill = (text: string, values: Values, as: (value: string) => string): string =>
  text.replace(PLACEHOLDER, (_, name: string) => as(values[name] ?? ''));

const asIs = (value: string): string => value;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
const escapeHtml = (value: string): string => value.replace(/[&<>"'`]/g, (sign) => ENTITIES[sign] ?? '');

function valuesOf(message: TemplateMessage, { brand, support = '' }: Sender): Values {
  const values = { brand, support, ...secretValues(message), ...eventValues(message) };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, inOneLine(value)]));
}

type Values = Record<string, string>;

function secretValues({ type, data, locale, secret }: TemplateMessage): Values {
  const kind = secretOf(type);
  if (kind === undefined || secret === undefined || !('minutes' in data)) return {};
  const { unit, count } = span(data.minutes);
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit: unit.slice(0, -1), unitDisplay: 'long' });
  const page: Values = 'page' in data ? { page: data.page } : {};
  return {
    [kind]: secret,
    ...page,
    minutes: String(Math.max(1, Math.floor(data.minutes))),
    expires_in: format.format(count),
  };
}

function eventValues({ data, locale }: TemplateMessage): Values {
  if ('worksFrom' in data) return { time: readableTime(data.worksFrom, locale) ?? '—' };
  if ('counts' in data) return { time: readableTime(data.at, locale) ?? '—' };
  if (!('at' in data)) return {};
  const say = sayIn(locale);
  return {
    time: readableTime(data.at, locale) ?? '—',
    device: data.byAdministrator ? say('administrator') : deviceText(data.userAgent ?? '', say),
    ...('method' in data && { method: data.method }),
    ...('provider' in data && { provider: data.provider }),
  };
}
