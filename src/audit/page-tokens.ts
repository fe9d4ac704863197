import { Inject, Injectable } from '@nestjs/common';
import { KEY_RING, type KeyRing } from '../platform/keys/index.js';
import { PageTokenInvalid } from './audit.errors.js';
import type { AuditFilter } from './audit.filter.js';

/** 16 bytes of id and 32 of MAC: 64 characters without a spare bit, so that no two texts are the same token. */
const SHAPE = /^[A-Za-z0-9_-]{64}$/;

/** Opaque cursors: the last id of a page, sealed together with the filters it was read with. */
@Injectable()
export class PageTokens {
  constructor(@Inject(KEY_RING) private readonly keys: KeyRing) {}

  seal(id: string, filter: AuditFilter): string {
    const { mac } = this.keys.mac('page-token', ...parts(id, filter));
    return Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), mac]).toString('base64url');
  }

  /** The id that the token stands for. @throws PageTokenInvalid */
  open(token: string, filter: AuditFilter): string {
    if (!SHAPE.test(token)) throw new PageTokenInvalid();
    const bytes = Buffer.from(token, 'base64url');
    const id = dashed(bytes.subarray(0, 16).toString('hex'));
    if (!this.keys.verifies('page-token', bytes.subarray(16), ...parts(id, filter))) throw new PageTokenInvalid();
    return id;
  }
}

/** Everything that decides which rows follow; the size of a page may change on the way. */
function parts(id: string, filter: AuditFilter): string[] {
  const { action, targetId, actorId, since, until } = filter;
  const texts = [action, targetId, actorId, since?.toISOString(), until?.toISOString()];
  return ['audit-events', id, ...texts.map((text) => (text === undefined ? '-' : `=${text}`))];
}

const dashed = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
