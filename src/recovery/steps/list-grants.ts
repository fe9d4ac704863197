import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';

export type GrantState = 'active' | 'used' | 'revoked' | 'expired';

/** One issued link or code as administrators see it; never its secret. */
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
  id?: string | undefined;
  identityId?: string | undefined;
  state?: GrantState | undefined;
  /** rows at most */
  limit: number;
}

/** The state of a grant, decided by the database; without those for addresses that nobody has. Index: recovery_grant_identity. */
const SELECT = `
  SELECT * FROM (
    SELECT id, kind, identity_id AS "identityId", flow_id AS "flowId", issued_by_type AS "issuedByType", issued_by_id AS "issuedById",
      created_at AS "createdAt", expires_at AS "expiresAt", used_at AS "usedAt", revoked_at AS "revokedAt", session_id AS "sessionId",
      CASE WHEN used_at IS NOT NULL THEN 'used' WHEN revoked_at IS NOT NULL THEN 'revoked'
           WHEN expires_at <= clock_timestamp() THEN 'expired' ELSE 'active' END AS state
    FROM recovery_grant
    WHERE identity_id IS NOT NULL AND ($1::uuid IS NULL OR identity_id = $1::uuid) AND ($2::uuid IS NULL OR id = $2::uuid)
  ) AS grants
  WHERE $3::text IS NULL OR state = $3::text
  ORDER BY "createdAt" DESC, id LIMIT $4::integer`;

/** Lists issued links and codes, newest first. */
@Injectable()
export class ListGrants {
  constructor(private readonly db: Database) {}

  run(filter: GrantFilter): Promise<GrantView[]> {
    return this.db.statement<GrantView>('list_recovery_grants', SELECT, [
      filter.identityId ?? null,
      filter.id ?? null,
      filter.state ?? null,
      filter.limit,
    ]);
  }
}
