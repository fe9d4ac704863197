import { Injectable } from '@nestjs/common';
import { isUuid } from '../../platform/flow/index.js';
import { type PagedList, PageTokens } from '../../platform/paging/index.js';
import { IdentityRefused } from '../identity.errors.js';

const LIST: PagedList = { name: 'identities', question: [] };

/** Sorts before every real id: the token of the first page. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * Page tokens for lists of identities. The last id of the previous page is readable at the end of the token, as clients
 * of Kratos expect.
 */
@Injectable()
export class IdentityPageTokens {
  constructor(private readonly tokens: PageTokens) {}

  /** @param id of the last identity on the page; absent: the first page */
  sign(id: string = BEFORE_ALL): string {
    return this.tokens.sign(LIST, id);
  }

  /**
   * The id after which the page begins.
   * @throws IdentityRefused
   */
  verify(token: string | undefined): string {
    if (token === undefined) return BEFORE_ALL;
    const id = this.tokens.verify(LIST, token);
    if (!isUuid(id)) throw new IdentityRefused('The page token is invalid, do not craft your own page tokens');
    return id;
  }
}
