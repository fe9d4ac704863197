/**
 * Random: creates every id and secret of the application.
 *
 * Ids that clients see are UUIDv4; internal rows may use v7, which sorts by time.
 */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/** The characters of base62, in the order of their values. */
export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

@Injectable()
export class Random {
  uuid(): string {
    return randomUUID();
  }

  /** A UUIDv7 for the given time (RFC 9562, section 5.7). */
  uuidV7(at: Date): string {
    const bytes = randomBytes(16);
    bytes.writeUIntBE(at.getTime(), 0, 6);
    bytes[6] = (bytes[6]! & 0x0f) | 0x70;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  bytes(length: number): Buffer {
    return randomBytes(length);
  }

  /** `length` characters of [0-9A-Za-z], each equally likely: 5.95 bits per character. */
  base62(length: number): string {
    let text = '';
    while (text.length < length) {
      for (const byte of randomBytes(length - text.length + 8)) {
        if (byte < 248 && text.length < length) text += BASE62[byte % 62];
      }
    }
    return text;
  }

  /** `length` decimal digits, each equally likely. */
  digits(length: number): string {
    return randomInt(0, 10 ** length)
      .toString()
      .padStart(length, '0');
  }
}
