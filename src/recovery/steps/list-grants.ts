import { Injectable } from '@nestjs/common';
import { Database, named, type NamedStatement } from '../../platform/database/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { isUuid } from '../../platform/flow/index.js';
import {
  NEWEST,
  type PagedList,
  PageTokenInvalid,
  PageTokens,
  readPosition,
  type TimePosition,
  writePosition,
} from '../../platform/paging/index.js';

export type GrantState = 'active' | 'used' | 'revoked' | 'expired';

/** One issued link or code as administrators see it, without its secret. */
export interface GrantView {
  readonly id: string;
  readonly kind: 'link' | 'code';
  readonly state: GrantState;
  readonly identityId: string;
  readonly flowId: string;
  readonly issuedByType: string;
  readonly issuedById: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly sessionId: string | null;
}

export interface GrantFilter {
  readonly identityId?: string | undefined;
  readonly state?: GrantState | undefined;
  /** grants on a page */
  readonly pageSize: number;
  readonly pageToken?: string | undefined;
}

export interface GrantPage {
  readonly grants: readonly GrantView[];
  /** absent on the last page */
  readonly nextPageToken?: string;
}

interface Row extends GrantView {
  /** createdAt in microseconds */
  readonly at: string;
}

/** The database decides a grant's state. Grants for unknown addresses are not shown. */
const GRANTS = `
  SELECT id, kind, identity_id AS "identityId", flow_id AS "flowId", issued_by_type AS "issuedByType", issued_by_id AS "issuedById",
    created_at AS "createdAt", expires_at AS "expiresAt", used_at AS "usedAt", revoked_at AS "revokedAt", session_id AS "sessionId",
    CASE WHEN used_at IS NOT NULL THEN 'used' WHEN revoked_at IS NOT NULL THEN 'revoked'
         WHEN expires_at <= clock_timestamp() THEN 'expired' ELSE 'active' END AS state,
    (extract(epoch FROM created_at) * 1000000)::bigint::text AS at
  FROM recovery_grant WHERE identity_id IS NOT NULL`;

const ONE = named('get_recovery_grant', `${GRANTS} AND id = :id::uuid`);

const IN_STATE: Record<GrantState, string> = {
  used: 'used_at IS NOT NULL',
  revoked: 'used_at IS NULL AND revoked_at IS NOT NULL',
  expired: 'used_at IS NULL AND revoked_at IS NULL AND expires_at <= clock_timestamp()',
  active: 'used_at IS NULL AND revoked_at IS NULL AND expires_at > clock_timestamp()',
};

/**
 * One statement per filter set, so that each gets its own plan. Indexes: recovery_grant_identity,
 * recovery_grant_created_at.
 */
const list = ({ identityId, state }: GrantFilter): NamedStatement =>
  named(
    `list_recovery_grants${identityId === undefined ? '' : '_of_identity'}${state === undefined ? '' : `_${state}`}`,
    `${GRANTS} ${identityId === undefined ? '' : 'AND identity_id = :identity_id::uuid'}
      ${state === undefined ? '' : `AND ${IN_STATE[state]}`}
      AND (created_at, id) < ('epoch'::timestamptz + :at::bigint * interval '1 microsecond', :id::uuid)
    ORDER BY created_at DESC, id DESC LIMIT :limit::integer`,
  );

/** Lists issued links and codes. */
@Injectable()
export class ListGrants {
  constructor(
    private readonly db: Database,
    private readonly pageTokens: PageTokens,
  ) {}

  /**
   * Newest first.
   * @throws PageTokenInvalid
   */
  async run(filter: GrantFilter): Promise<GrantPage> {
    const { identityId, pageSize } = filter;
    const values = { identity_id: identityId, ...this.#after(filter), limit: pageSize + 1 };
    const rows = await this.db.run<Row>(list(filter), values);
    const grants = rows.slice(0, pageSize);
    const last = rows.length > pageSize ? grants.at(-1) : undefined;
    return { grants, ...(last && { nextPageToken: this.pageTokens.sign(pagesOf(filter), writePosition(last)) }) };
  }

  /** @throws MissingRow */
  async one(id: string): Promise<GrantView> {
    const [found] = isUuid(id) ? await this.db.run<Row>(ONE, { id }) : [];
    if (!found) throw new MissingRow();
    return found;
  }

  #after(filter: GrantFilter): TimePosition {
    if (filter.pageToken === undefined) return NEWEST;
    const position = readPosition(this.pageTokens.verify(pagesOf(filter), filter.pageToken) ?? '');
    if (position === undefined) throw new PageTokenInvalid();
    return position;
  }
}

const pagesOf = ({ identityId, state }: GrantFilter): PagedList => ({
  name: 'recovery-grants',
  question: [identityId ?? '-', state ?? '-'],
});
