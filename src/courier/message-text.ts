import { Injectable } from '@nestjs/common';
import { RegainConfig, Urls } from '../config/index.js';
import type { MessageRow } from './message-row.js';
import { MessageSeal } from './message-seal.js';
import { chooseLocale, type RenderedMessage, storedLocale, storedMessage, Templates } from './templates/index.js';

/** Stands where the secret would. */
const HIDDEN = 'redacted';

/** What a stored message says. */
@Injectable()
export class MessageText {
  constructor(
    private readonly templates: Templates,
    private readonly seal: MessageSeal,
    private readonly regain: RegainConfig,
    private readonly urls: Urls,
  ) {}

  /** Ids of the keys that open secrets here. */
  get keyIds(): string[] {
    return this.seal.keyIds;
  }

  /** Undefined where it has none, or none that a configured key opens. */
  secretOf({ id, secret, key_id }: Pick<MessageRow, 'id' | 'secret' | 'key_id'>): string | undefined {
    return secret === null || key_id === null ? undefined : this.seal.open(id, { sealed: secret, keyId: key_id });
  }

  /** @param secret absent: it stays hidden. Undefined: a template that we do not have. */
  render(
    { template_type, data }: Pick<MessageRow, 'template_type' | 'data'>,
    secret?: string,
  ): RenderedMessage | undefined {
    const locale =
      storedLocale(data['locale']) ?? chooseLocale([data['localeWish']], this.regain.courier.default_locale);
    // Of a code that was sent blindly the page is hidden, too: on it the code could be guessed.
    const told = secret === undefined && data['blind'] === true ? { ...data, page: HIDDEN } : data;
    const message = storedMessage(template_type, told, { locale, secret: this.shown(data, secret ?? HIDDEN) });
    return message && this.templates.render(message);
  }

  /** The code, or the whole link. */
  shown({ flow, undo }: MessageRow['data'], secret: string): string {
    if (undo === true) return this.urls.public('/ui/undo', { token: secret });
    return typeof flow === 'string' ? this.urls.recoveryLink(flow, secret) : secret;
  }
}
