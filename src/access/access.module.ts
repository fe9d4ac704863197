import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule } from '../audit/index.js';
import { PageTokens } from '../platform/paging/index.js';
import { AccessAdminController } from './access.admin.controller.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokenService } from './access.service.js';
import { BearerStrategy } from './bearer.strategy.js';
import { AuthenticateToken } from './hot/authenticate-token.js';
import { NoteTokenUse } from './hot/note-token-use.js';
import { CreateToken } from './steps/create-token.js';
import { ListTokens } from './steps/list-tokens.js';
import { RevokeToken } from './steps/revoke-token.js';
import { SyncEnvironmentToken } from './steps/sync-environment-token.js';

@Module({
  imports: [AuditModule],
  controllers: [AccessAdminController],
  providers: [
    AccessTokenService,
    AuthenticateToken,
    NoteTokenUse,
    CreateToken,
    ListTokens,
    PageTokens,
    RevokeToken,
    SyncEnvironmentToken,
    BearerStrategy,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [AccessTokenService],
})
export class AccessModule {}
