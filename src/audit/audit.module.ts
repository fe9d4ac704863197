import { Module } from '@nestjs/common';
import { AuditAdminController } from './audit.admin.controller.js';
import { AuditService } from './audit.service.js';
import { PageTokens } from '../platform/paging/index.js';
import { AuditPageTokens } from './page-tokens.js';
import { Refusals } from './refusals.js';

@Module({
  controllers: [AuditAdminController],
  providers: [AuditService, PageTokens, AuditPageTokens, Refusals],
  exports: [AuditService],
})
export class AuditModule {}
