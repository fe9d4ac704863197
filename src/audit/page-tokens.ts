import { Injectable } from '@nestjs/common';
import { isUuid } from '../platform/flow/index.js';
import { type PagedList, PageTokenInvalid, PageTokens } from '../platform/paging/index.js';
import type { AuditFilter } from './audit.filter.js';

/** Opaque cursors: the last id of a page, signed together with the filters of the query. */
@Injectable()
export class AuditPageTokens {
  constructor(private readonly tokens: PageTokens) {}

  sign(id: string, filter: AuditFilter): string {
    return this.tokens.sign(listOf(filter), id);
  }

  /**
   * The id in the token.
   * @throws PageTokenInvalid
   */
  verify(token: string, filter: AuditFilter): string {
    const id = this.tokens.verify(listOf(filter), token);
    if (!isUuid(id)) throw new PageTokenInvalid();
    return id;
  }
}

/** Everything that decides which rows follow. The page size is left out, so that it may change between pages. */
function listOf({ action, targetId, actorId, since, until }: AuditFilter): PagedList {
  const texts = [action, targetId, actorId, since?.toISOString(), until?.toISOString()];
  return { name: 'audit-events', question: texts.map((text) => (text === undefined ? '-' : `=${text}`)) };
}
