import { Module } from '@nestjs/common';
import { Approvals } from './approvals.js';
import { ApprovalsController } from './approvals.controller.js';
import { RequireApproval } from './require-approval.js';

@Module({ controllers: [ApprovalsController], providers: [Approvals, RequireApproval] })
export class VipModule {}
