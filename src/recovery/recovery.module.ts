import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { SelfServiceModule } from '../self-service/index.js';
import { SessionModule } from '../session/index.js';
import { CreateLink } from './hot/create-link.js';
import { RedeemLinkStatement } from './hot/redeem-link.js';
import { RecoveryAdminController } from './recovery.admin.controller.js';
import { RecoveryPublicController } from './recovery.public.controller.js';
import { RecoveryPurge } from './recovery.purge.js';
import { RecoveryService } from './recovery.service.js';
import { BeginConfirmation } from './steps/begin-confirmation.js';
import { RevokeOnNewCredential } from './steps/credentials-changed.js';
import { IssueLink } from './steps/issue-link.js';
import { ListGrants } from './steps/list-grants.js';
import { ReadRecoveryFlow } from './steps/read-flow.js';
import { RedeemLink } from './steps/redeem-link.js';
import { RevokeGrant } from './steps/revoke-grant.js';
import { StartRecoveryFlow } from './steps/start-flow.js';

@Module({
  imports: [AuditModule, SessionModule, SelfServiceModule],
  controllers: [RecoveryAdminController, RecoveryPublicController],
  providers: [
    RecoveryService,
    RecoveryPurge,
    RevokeOnNewCredential,
    CreateLink,
    RedeemLinkStatement,
    IssueLink,
    BeginConfirmation,
    RedeemLink,
    StartRecoveryFlow,
    ReadRecoveryFlow,
    ListGrants,
    RevokeGrant,
  ],
  exports: [RecoveryService, RecoveryPurge, RevokeOnNewCredential],
})
export class RecoveryModule {}
