import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { digest } from '../../platform/keys/index.js';
import type { TokenHolder } from '../access.view.js';
import { isTokenShaped } from '../token-format.js';

/** Index: access_token_digest_unique. */
const AUTHENTICATE = `
  SELECT id, name, scopes FROM access_token
  WHERE digest = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())`;

/**
 * HOT: every request to the admin API.
 * Invariant: no request that starts after a revocation is committed passes; nothing is cached between requests.
 * Guarded by: authenticate-token.race.spec.ts
 */
@Injectable()
export class AuthenticateToken {
  constructor(private readonly db: Database) {}

  /**
   * Undefined for unknown, revoked, expired and malformed tokens alike.
   * @throws Unavailable when the database is down
   */
  async run(token: string): Promise<TokenHolder | undefined> {
    if (!isTokenShaped(token)) return undefined;
    const [holder] = await this.db.statement<TokenHolder>('access_token_authenticate', AUTHENTICATE, [digest(token)]);
    return holder;
  }
}
