import { Injectable } from '@nestjs/common';
import { GuestDatabase, InjectDatabase } from 'regain';
import { VipConfig } from './vip.config.js';

/** Who asked for a link, and who approved it. */
@Injectable()
export class Approvals {
  constructor(
    @InjectDatabase('vip-approval') private readonly db: GuestDatabase,
    private readonly config: VipConfig,
  ) {}

  /** Notes the request. Resolves to whether somebody else approved it in time. */
  async isApproved(identityId: string, askedBy: string): Promise<boolean> {
    const [row] = await this.db.run<{ approved: boolean }>(
      `INSERT INTO approval (identity_id, asked_by) VALUES (?, ?)
       ON CONFLICT (identity_id, asked_by) DO UPDATE SET asked_at = clock_timestamp()
       RETURNING coalesce(approved_at > clock_timestamp() - make_interval(hours => ?), false) AS approved`,
      [identityId, askedBy, this.config.hours],
    );
    return row?.approved ?? false;
  }

  /** Approves what others have asked for. Resolves to how many requests that were. */
  async approve(identityId: string, approvedBy: string): Promise<number> {
    const rows = await this.db.run(
      `UPDATE approval SET approved_by = ?, approved_at = clock_timestamp()
       WHERE identity_id = ? AND asked_by <> ? RETURNING asked_by`,
      [approvedBy, identityId, approvedBy],
    );
    return rows.length;
  }
}
