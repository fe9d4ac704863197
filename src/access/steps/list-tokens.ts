import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import type { AccessTokenView } from '../access.view.js';

const LIST = `
  SELECT id, name, last4, scopes, source, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
    last_used_at AS "lastUsedAt", revoked_at AS "revokedAt",
    CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= clock_timestamp() THEN 'expired' ELSE 'active' END AS state
  FROM access_token ORDER BY created_at DESC, id`;

/** Every token there ever was, newest first: there are as many as administrators and scripts. */
@Injectable()
export class ListTokens {
  constructor(private readonly db: Database) {}

  async run(): Promise<AccessTokenView[]> {
    return this.db.statement<AccessTokenView>('access_token_list', LIST, []);
  }
}
