import { Inject, Injectable } from '@nestjs/common';
import { KEY_RING, type KeyRing } from '../platform/keys/index.js';
import { PageTokenRefused } from './courier.errors.js';

/** 32 bytes of MAC, 8 of time, 16 of id: 75 characters. */
const SHAPE = /^[A-Za-z0-9_-]{75}$/;

export interface MessageCursor {
  /** microseconds since 1970, as text: more than a number holds exactly */
  readonly at: string;
  readonly id: string;
}

/** Newer than every message: the year 9999. */
const NEWEST: MessageCursor = { at: '253370764800000000', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** Opaque cursors over messages, newest first: where the page before ended, under a MAC. */
@Injectable()
export class MessagePageTokens {
  constructor(@Inject(KEY_RING) private readonly keys: KeyRing) {}

  /** @param cursor of the last message on the page; absent: of the first page */
  seal({ at, id }: MessageCursor = NEWEST): string {
    const { mac } = this.keys.mac('page-token', 'courier-messages', at, id);
    const time = Buffer.alloc(8);
    time.writeBigInt64BE(BigInt(at));
    return Buffer.concat([mac, time, Buffer.from(id.replaceAll('-', ''), 'hex')]).toString('base64url');
  }

  /** @throws PageTokenRefused */
  open(token: string | undefined): MessageCursor {
    if (token === undefined) return NEWEST;
    const bytes = Buffer.from(token, 'base64url');
    // The last character has bits to spare: one text only for each token.
    if (!SHAPE.test(token) || bytes.toString('base64url') !== token) throw new PageTokenRefused();
    const at = bytes.readBigInt64BE(32).toString();
    const id = bytes.toString('hex', 40).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    if (!this.keys.verifies('page-token', bytes.subarray(0, 32), 'courier-messages', at, id))
      throw new PageTokenRefused();
    return { at, id };
  }
}
