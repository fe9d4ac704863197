import { Injectable } from '@nestjs/common';
import { RegainConfig, Urls } from '../config/index.js';
import type { MessageRow } from './message-row.js';
import { MessageSeal } from './message-seal.js';
import { chooseLocale, type RenderedMessage, storedLocale, storedMessage, Templates } from './templates/index.js';

/** Replaces the secret. */
const HIDDEN = 'redacted';

/** Renders the text of a stored message. */
@Injectable()
export class MessageText {
  constructor(
    private readonly templates: Templates,
    private readonly seal: MessageSeal,
    private readonly regain: RegainConfig,
    private readonly urls: Urls,
  ) {}

  /** Ids of the keys that can decrypt secrets here. */
  get keyIds(): string[] {
    return this.seal.keyIds;
  }

  /** Undefined if there is no secret, or no configured key decrypts it. */
  secretOf({ id, secret, key_id }: Pick<MessageRow, 'id' | 'secret' | 'key_id'>): string | undefined {
    return secret === null || key_id === null ? undefined : this.seal.open(id, { sealed: secret, keyId: key_id });
  }

  /**
   * Undefined for an unknown template.
   * @param secret absent: stays hidden
   */
  render(
    { template_type, data }: Pick<MessageRow, 'template_type' | 'data'>,
    secret?: string,
  ): RenderedMessage | undefined {
    const locale =
      storedLocale(data['locale']) ?? chooseLocale([data['localeWish']], this.regain.courier.default_locale);
    // For a code that was sent blindly, hides the page too: the code could be guessed there.
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
