import { Injectable } from '@nestjs/common';
import { Random } from '../platform/random/index.js';
import { MessageSeal } from './message-seal.js';
import type { Locale } from './templates/index.js';

/** A message that somebody's statement is about to write with `insertMessage` (sql.ts). */
export interface DraftMessage {
  readonly id: string;
  /** null, as its key's id: it has none */
  readonly secret: Buffer | null;
  readonly keyId: string | null;
  /** JSON; no secret in it */
  readonly data: string;
}

/** What the templates want, and how a message is sent and shown. No secret. */
interface DraftData {
  /** how long the link or code works, and the message is worth sending */
  readonly minutes?: number;
  /** given where the secret is a link's token */
  readonly flow?: string;
  readonly locale?: Locale | undefined;
  /** where answers go */
  readonly replyTo?: string | undefined;
  /** the admin API never shows the secret, sent or not */
  readonly blind?: boolean;
  readonly [template: string]: unknown;
}

/** Prepares messages; the row itself is part of the statement that makes the message necessary. */
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
