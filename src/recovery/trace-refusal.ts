import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Database, named } from '../platform/database/index.js';

/**
 * The identity whose link or code was refused: from the link's own grant, else from the newest grant of the flow.
 * Index: recovery_grant_link_digest, recovery_grant_flow.
 */
const REFUSED = named(
  'refused_recovery_grant',
  `
  SELECT id, identity_id FROM (
    SELECT id, identity_id, 1 AS nearness, created_at FROM recovery_grant WHERE digest = :token_digest::bytea AND kind = 'link'
    UNION ALL
    SELECT id, identity_id, 2, created_at FROM recovery_grant WHERE flow_id = :flow_id::uuid) AS grant_
  WHERE identity_id IS NOT NULL ORDER BY nearness, created_at DESC LIMIT 1`,
);

/** Audits a link or code that did not work, under the identity that it was for, if known. */
@Injectable()
export class TraceRefusal {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
  ) {}

  /** @param tokenDigest of a link; null for a code, whose identity only the flow can tell */
  async run(action: string, flowId: string, tokenDigest: Buffer | null): Promise<void> {
    const [grant] = await this.db.run<{ id: string; identity_id: string }>(REFUSED, {
      token_digest: tokenDigest,
      flow_id: flowId,
    });
    if (grant) this.audit.refused(action, 'identity', grant.identity_id, undefined, grant.id);
    else this.audit.refused(action, 'recovery_flow', flowId);
  }
}
