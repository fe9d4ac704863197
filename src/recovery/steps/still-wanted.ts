import { Injectable } from '@nestjs/common';
import type { MessageStillWanted } from '../../courier/index.js';
import { identityRow } from '../../identity/sql.js';
import { Database } from '../../platform/database/index.js';

const identity = identityRow();

/** $1: grants. A grant for an unknown address opens nothing, but its message says so. Index: recovery_grant_pkey. */
const WANTED = `
  SELECT recovery_grant.id FROM recovery_grant LEFT JOIN ${identity.from} ON ${identity.id} = recovery_grant.identity_id
  WHERE recovery_grant.id = ANY ($1::uuid[]) AND recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL
    AND recovery_grant.expires_at > clock_timestamp() AND (${identity.id} IS NULL OR ${identity.state} = 'active')`;

/** A link or code is worth sending while it works. */
@Injectable()
export class GrantStillWanted implements MessageStillWanted {
  constructor(private readonly db: Database) {}

  async unwanted(aboutIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.db.statement<{ id: string }>('recovery_grants_still_wanted', WANTED, [aboutIds]);
    const wanted = new Set(rows.map(({ id }) => id));
    return new Set(aboutIds.filter((id) => !wanted.has(id)));
  }
}
