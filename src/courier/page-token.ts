import { Injectable } from '@nestjs/common';
import { type PagedList, PageTokens } from '../platform/paging/index.js';
import { PageTokenRefused } from './courier.errors.js';

export interface MessageCursor {
  /** microseconds since 1970, as text: more than a number holds exactly */
  readonly at: string;
  readonly id: string;
}

const LIST: PagedList = { name: 'courier-messages', question: [] };
/** 16 hexadecimal digits of time, 32 of id: clients see no id in a token. */
const POSITION = /^([0-9a-f]{16})([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** Newer than every message: the year 9999. */
const NEWEST: MessageCursor = { at: '253370764800000000', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** Opaque cursors over messages, newest first: where the page before ended. */
@Injectable()
export class MessagePageTokens {
  constructor(private readonly tokens: PageTokens) {}

  /** @param cursor of the last message on the page; absent: of the first page */
  seal({ at, id }: MessageCursor = NEWEST): string {
    return this.tokens.seal(LIST, BigInt(at).toString(16).padStart(16, '0') + id.replaceAll('-', ''));
  }

  /** @throws PageTokenRefused */
  open(token: string | undefined): MessageCursor {
    if (token === undefined) return NEWEST;
    const [, at, ...id] = POSITION.exec(this.tokens.open(LIST, token) ?? '') ?? [];
    if (at === undefined) throw new PageTokenRefused();
    return { at: BigInt(`0x${at}`).toString(), id: id.join('-') };
  }
}
