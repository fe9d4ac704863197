import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { IdentityModule } from '../identity/index.js';
import { PageTokens } from '../platform/paging/index.js';
import { SessionBulk } from './bulk/session-bulk.js';
import { EndOthers } from './hot/end-others.js';
import { IssueSession } from './hot/issue-session.js';
import { ResolveSession } from './hot/resolve-session.js';
import { IdentitySessionsAdminController } from './identity-sessions.admin.controller.js';
import { SessionReader } from './persistence/session.reader.js';
import { SessionAdminController } from './session.admin.controller.js';
import { SessionCookie } from './session.cookie.js';
import { SessionDirectory } from './session.directory.js';
import { SessionPublicController } from './session.public.controller.js';
import { SessionPurge } from './session.purge.js';
import { SessionService } from './session.service.js';
import { DeleteSessions } from './steps/delete-sessions.js';
import { FollowCredential } from './steps/follow-credential.js';
import { ExtendSession } from './steps/extend-session.js';
import { RevokeSession } from './steps/revoke-session.js';

@Module({
  imports: [AuditModule, IdentityModule],
  controllers: [SessionPublicController, SessionAdminController, IdentitySessionsAdminController],
  providers: [
    SessionService,
    SessionDirectory,
    SessionPurge,
    SessionBulk,
    SessionCookie,
    SessionReader,
    PageTokens,
    ResolveSession,
    IssueSession,
    RevokeSession,
    EndOthers,
    DeleteSessions,
    ExtendSession,
    FollowCredential,
  ],
  exports: [FollowCredential, SessionService, SessionPurge, SessionBulk],
})
export class SessionModule {}
