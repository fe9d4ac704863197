import { Injectable } from '@nestjs/common';
import { Random } from '../platform/random/index.js';
import { MessageSeal } from './message-seal.js';
import type { TemplateData } from './templates.js';

/** A message that somebody's statement is about to write with `insertMessage` (sql.ts). */
export interface DraftMessage {
  readonly id: string;
  readonly secret: Buffer;
  readonly keyId: string;
  /** JSON; no secret in it */
  readonly data: string;
}

/** Prepares messages; the row itself is part of the statement that makes the message necessary. */
@Injectable()
export class Outbox {
  constructor(
    private readonly random: Random,
    private readonly messageSeal: MessageSeal,
  ) {}

  /** @param flow given where the secret is a link's token */
  draft(secret: string, data: TemplateData & { readonly flow?: string }): DraftMessage {
    const id = this.random.uuid();
    const { sealed, keyId } = this.messageSeal.seal(id, secret);
    return { id, secret: sealed, keyId, data: JSON.stringify(data) };
  }
}
