import { Module } from '@nestjs/common';
import { CourierConfig, RegainConfig } from '../config/index.js';
import { PageTokens } from '../platform/paging/index.js';
import { CourierAdminController } from './courier.admin.controller.js';
import { CourierPurge } from './courier.purge.js';
import { CourierService } from './courier.service.js';
import { MessageSeal } from './message-seal.js';
import { MessageText } from './message-text.js';
import { Notices } from './notices.js';
import { Outbox } from './outbox.js';
import { MessagePageTokens } from './page-token.js';
import { Templates } from './templates/index.js';

@Module({
  controllers: [CourierAdminController],
  providers: [
    CourierService,
    CourierPurge,
    MessageSeal,
    MessageText,
    PageTokens,
    MessagePageTokens,
    Outbox,
    Notices,
    {
      provide: Templates,
      inject: [RegainConfig, CourierConfig],
      useFactory: (regain: RegainConfig, courier: CourierConfig) => Templates.configured(regain, courier),
    },
  ],
  exports: [Outbox, Notices, CourierPurge, MessageText],
})
export class CourierModule {}
