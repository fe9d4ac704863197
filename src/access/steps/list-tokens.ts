import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { type PagedList, PageTokenInvalid, PageTokens } from '../../platform/paging/index.js';
import type { AccessTokenPage, AccessTokenView } from '../access.view.js';

const SELECT = `
  SELECT id, name, last4, scopes, source, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
    last_used_at AS "lastUsedAt", revoked_at AS "revokedAt",
    CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= clock_timestamp() THEN 'expired' ELSE 'active' END AS state
  FROM access_token`;
const NEWEST_FIRST = 'ORDER BY created_at DESC, id DESC';
const ALL = `${SELECT} ${NEWEST_FIRST}`;
/** Rows are never deleted, so the last row of the previous page is still there to compare with. */
const PAGE = `${SELECT} WHERE $2::uuid IS NULL
    OR (created_at, id) < (SELECT last.created_at, last.id FROM access_token last WHERE last.id = $2::uuid)
  ${NEWEST_FIRST} LIMIT $1::integer`;

const PAGES: PagedList = { name: 'access-tokens', question: [] };

/** Lists all tokens, including revoked and expired ones, newest first. */
@Injectable()
export class ListTokens {
  constructor(
    private readonly db: Database,
    private readonly pageTokens: PageTokens,
  ) {}

  async all(): Promise<AccessTokenView[]> {
    return this.db.statement<AccessTokenView>('access_token_list', ALL, []);
  }

  /** @throws PageTokenInvalid */
  async page(size: number, pageToken?: string): Promise<AccessTokenPage> {
    const found = await this.db.statement<AccessTokenView>('access_token_page', PAGE, [
      size + 1,
      this.#after(pageToken),
    ]);
    const tokens = found.slice(0, size);
    const last = tokens.at(-1);
    if (found.length <= size || last === undefined) return { tokens };
    return { tokens, nextPageToken: this.pageTokens.sign(PAGES, last.id) };
  }

  #after(pageToken: string | undefined): string | null {
    if (pageToken === undefined) return null;
    const id = this.pageTokens.verify(PAGES, pageToken);
    if (id === undefined || !isUuid(id)) throw new PageTokenInvalid();
    return id;
  }
}
