import { Inject, Injectable } from '@nestjs/common';
import { KEY_RING, type KeyRing } from '../keys/index.js';

/** A MAC and a position, with only one valid notation. */
const SHAPE = /^([0-9a-f]{64})\.([0-9A-Za-z-]{1,64})$/;

export interface PagedList {
  /** the list's name, such as `sessions` */
  readonly name: string;
  /** everything that decides which rows follow; a token is valid only for the same values */
  readonly question: readonly string[];
}

/** Cursors: a readable position in a list with a MAC, which also covers the list and its query. */
@Injectable()
export class PageTokens {
  constructor(@Inject(KEY_RING) private readonly keys: KeyRing) {}

  /** @param position 1 to 64 letters, digits and dashes: an id or a page number */
  sign(list: PagedList, position: string): string {
    return `${this.keys.mac('page-token', ...parts(list, position)).mac.toString('hex')}.${position}`;
  }

  /** The position in the token; undefined if we did not create it, or created it for another query. */
  verify(list: PagedList, token: string): string | undefined {
    const [, mac, position] = SHAPE.exec(token) ?? [];
    if (mac === undefined || position === undefined) return undefined;
    return this.keys.verifies('page-token', Buffer.from(mac, 'hex'), ...parts(list, position)) ? position : undefined;
  }
}

const parts = ({ name, question }: PagedList, position: string): string[] => [name, position, ...question];
