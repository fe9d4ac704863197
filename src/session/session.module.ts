import { Module } from '@nestjs/common';
import { ResolveSession } from './hot/resolve-session.js';
import { SessionCookie } from './session.cookie.js';
import { SessionPublicController } from './session.public.controller.js';
import { SessionPurge } from './session.purge.js';
import { SessionService } from './session.service.js';
import { IssueSession } from './hot/issue-session.js';

@Module({
  controllers: [SessionPublicController],
  providers: [SessionService, SessionPurge, SessionCookie, ResolveSession, IssueSession],
  exports: [SessionService, SessionPurge],
})
export class SessionModule {}
