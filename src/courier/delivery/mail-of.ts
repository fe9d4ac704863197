import { Injectable } from '@nestjs/common';
import type { MessageRow } from '../message-row.js';
import { MessageText } from '../message-text.js';
import { isTemplateType, secretOf, wireTemplate } from '../templates/index.js';
import type { OutgoingMail } from './transport.js';

/** Renders a stored message as mail. */
@Injectable()
export class MailOf {
  constructor(private readonly text: MessageText) {}

  /** Undefined if its template is unknown or its secret cannot be decrypted. */
  make(row: MessageRow): OutgoingMail | undefined {
    const { template_type: type, data } = row;
    if (!isTemplateType(type)) return undefined;
    const kind = secretOf(type);
    const secret = kind && this.text.secretOf(row);
    if (kind !== undefined && secret === undefined) return undefined;
    const rendered = this.text.render(row, secret);
    if (!rendered) return undefined;
    return {
      id: row.id,
      recipient: row.recipient,
      replyTo: typeof data['replyTo'] === 'string' ? data['replyTo'] : undefined,
      ...rendered,
      date: row.created_at,
      templateType: wireTemplate(type).template_type,
      templateData: {
        to: row.recipient,
        ...(kind === 'link' && {
          [data['undo'] === true ? 'undo_url' : 'recovery_url']: this.text.shown(data, secret ?? ''),
        }),
        ...(kind === 'code' && { recovery_code: secret }),
        ...(typeof data['minutes'] === 'number' && { expires_in_minutes: data['minutes'] }),
      },
    };
  }
}
