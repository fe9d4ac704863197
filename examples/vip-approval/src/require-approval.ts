import { Injectable } from '@nestjs/common';
import { BeforeIssue, type Circumstances, type IdentityView, type Intents, type Veto } from 'regain';
import { Approvals } from './approvals.js';

/** Keeps links for important people until a second token holder has approved them. */
@Injectable()
export class RequireApproval {
  constructor(private readonly approvals: Approvals) {}

  @BeforeIssue()
  async check({ identityId, identity, actor }: Intents['beforeIssue'] & Circumstances): Promise<Veto | undefined> {
    if (!isVip(await identity())) return undefined;
    if (await this.approvals.isApproved(identityId, actor.id ?? actor.type)) return undefined;
    return {
      id: 'vip_approval_missing',
      reason: 'A second administrator must approve this: POST /admin/vip-approvals/{identity}, then ask again.',
    };
  }
}

function isVip(identity: IdentityView | undefined): boolean {
  const metadata = identity?.metadataAdmin;
  return typeof metadata === 'object' && metadata !== null && 'vip' in metadata && metadata.vip === true;
}
