import type { Locale } from './locale.js';
import { storedMessage } from './stored-message.js';
import type { TemplateMessage, TemplateType } from './template-message.js';

const PAGE = 'https://id.example.com/ui/recovery?flow=5f0a3d0e-7c1b-4a7e-9d59-2b1c8f6e4a10';
const LINK =
  'https://id.example.com/self-service/recovery?flow=5f0a3d0e-7c1b-4a7e-9d59-2b1c8f6e4a10&token=ExampleExampleExampleExample2031';

/** Data that fits every template: each uses the fields it knows. */
const DATA = {
  minutes: 60,
  page: PAGE,
  at: '2030-01-31T20:15:00.000Z',
  userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0',
  method: 'link',
  provider: 'GitHub',
  counts: { password_changed: 12, address_changed: 2 },
  worksFrom: '2030-02-01T20:15:00.000Z',
};

/** A sample message for previews. Its link leads nowhere. */
export function sampleMessage(type: TemplateType, locale: Locale): TemplateMessage {
  const secret = type === 'recovery_code_valid' || type === 'recovery_code_admin' ? '482913' : LINK;
  const message = storedMessage(type, DATA, { locale, secret });
  if (message === undefined) throw new Error(`no template ${type}`);
  return message;
}
