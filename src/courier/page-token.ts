import { Injectable } from '@nestjs/common';
import {
  NEWEST,
  type PagedList,
  PageTokens,
  readPosition,
  type TimePosition,
  writePosition,
} from '../platform/paging/index.js';
import { PageTokenRefused } from './courier.errors.js';

const LIST: PagedList = { name: 'courier-messages', question: [] };

/** Opaque cursors over messages, newest first: where the previous page ended. */
@Injectable()
export class MessagePageTokens {
  constructor(private readonly tokens: PageTokens) {}

  /** @param last message of the page; absent: a token for the first page */
  sign(last: TimePosition = NEWEST): string {
    return this.tokens.sign(LIST, writePosition(last));
  }

  /** @throws PageTokenRefused */
  verify(token: string | undefined): TimePosition {
    if (token === undefined) return NEWEST;
    const position = readPosition(this.tokens.verify(LIST, token) ?? '');
    if (position === undefined) throw new PageTokenRefused();
    return position;
  }
}
