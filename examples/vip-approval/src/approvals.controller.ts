import { HttpCode, Post } from '@nestjs/common';
import { AdminController, CurrentRequest, IdParam, NotFound } from 'regain';
import { Approvals } from './approvals.js';

@AdminController('vip-approvals', { scope: 'vip:approve' })
export class ApprovalsController {
  constructor(
    private readonly approvals: Approvals,
    private readonly current: CurrentRequest,
  ) {}

  @Post(':id')
  @HttpCode(204)
  async approve(@IdParam() id: string): Promise<void> {
    const approved = await this.approvals.approve(id, this.current.actor.id ?? '');
    if (approved === 0) throw new NotFound('No one else has asked for a link for this identity.');
  }
}
