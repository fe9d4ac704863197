import { Injectable } from '@nestjs/common';
import { Database, named } from '../../platform/database/index.js';
import type { EndedFlow } from '../../platform/flow/index.js';
import { digest } from '../../platform/keys/index.js';
import type { LinkParts } from '../flow/link-parts.js';

/** Index: recovery_grant_link_digest. */
const EXPIRED = named(
  'expired_recovery_link',
  `
  SELECT expires_at, extract(epoch FROM clock_timestamp() - expires_at) AS expired_seconds FROM recovery_grant
  WHERE digest = :token_digest::bytea AND kind = 'link' AND flow_id = :flow_id::uuid
    AND used_at IS NULL AND revoked_at IS NULL AND expires_at <= clock_timestamp()`,
);

/** Distinguishes a link that expired before its flow from one that never worked. */
@Injectable()
export class FindExpiredLink {
  constructor(private readonly db: Database) {}

  /** Undefined for a link that was used or revoked, never existed, or still works. */
  async run({ flow, token }: LinkParts): Promise<EndedFlow | undefined> {
    const [row] = await this.db.run<{ expires_at: Date; expired_seconds: string }>(EXPIRED, {
      token_digest: digest(token),
      flow_id: flow,
    });
    return row && { expiresAt: row.expires_at, expiredSeconds: Number(row.expired_seconds) };
  }
}
