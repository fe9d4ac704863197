import { Injectable } from '@nestjs/common';
import { Random } from '../platform/random/index.js';
import { MessageSeal } from './message-seal.js';
import type { Locale } from './templates/index.js';

/** A message that a statement is about to write with `insertMessage` (sql.ts). */
export interface DraftMessage {
  readonly id: string;
  /** null, as is its key's id, if the message has none */
  readonly secret: Buffer | null;
  readonly keyId: string | null;
  /** JSON without secrets */
  readonly data: string;
}

/** Data for the templates, and for sending and showing the message. Contains no secret. */
interface DraftData {
  /** how long the link or code works, and the message is worth sending */
  readonly minutes?: number;
  /** set if the secret is a link's token */
  readonly flow?: string;
  readonly locale?: Locale | undefined;
  /** address for replies */
  readonly replyTo?: string | undefined;
  /** the admin API never shows the secret, sent or not */
  readonly blind?: boolean;
  readonly [template: string]: unknown;
}

/** Prepares messages. The statement that requires the message writes its row. */
@Injectable()
export class Outbox {
  constructor(
    private readonly random: Random,
    private readonly messageSeal: MessageSeal,
  ) {}

  draft(secret: string | undefined, data: DraftData): DraftMessage {
    const id = this.random.uuid();
    const sealed = secret === undefined ? undefined : this.messageSeal.seal(id, secret);
    return { id, secret: sealed?.sealed ?? null, keyId: sealed?.keyId ?? null, data: JSON.stringify(data) };
  }
}
