import { Module } from '@nestjs/common';
import { CourierAdminController } from './courier.admin.controller.js';
import { CourierPurge } from './courier.purge.js';
import { CourierService } from './courier.service.js';
import { MessageSeal } from './message-seal.js';
import { Outbox } from './outbox.js';
import { PageTokens } from '../platform/paging/index.js';
import { MessagePageTokens } from './page-token.js';

@Module({
  controllers: [CourierAdminController],
  providers: [CourierService, CourierPurge, MessageSeal, PageTokens, MessagePageTokens, Outbox],
  exports: [Outbox, CourierPurge],
})
export class CourierModule {}
