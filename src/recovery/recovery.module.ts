import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { CourierModule } from '../courier/index.js';
import { PageTokens } from '../platform/paging/index.js';
import { SelfServiceModule } from '../self-service/index.js';
import { SessionModule } from '../session/index.js';
import { RecoveryValues } from './hot/recovery-values.js';
import { AdoptLongCode } from './hot/adopt-long-code.js';
import { CountAccountGuess } from './hot/count-account-guess.js';
import { CountGuess } from './hot/count-guess.js';
import { CreateGrant } from './hot/create-grant.js';
import { RedeemCodeStatement } from './hot/redeem-code.js';
import { FindMailbox } from './hot/find-mailbox.js';
import { FindRedeemable } from './hot/find-redeemable.js';
import { RedeemLinkStatement } from './hot/redeem-link.js';
import { SendSecret } from './hot/send-secret.js';
import { RecoveryAnswers } from './recovery.answers.js';
import { HandOverAdminController } from './hand-over.admin.controller.js';
import { RecoveryAdminController } from './recovery.admin.controller.js';
import { RecoveryPublicController } from './recovery.public.controller.js';
import { RecoveryFollowing } from './recovery.following.service.js';
import { RecoveryChoosing } from './recovery.choosing.service.js';
import { RecoveryForms } from './recovery.forms.service.js';
import { RecoveryIssuing } from './recovery.issuing.service.js';
import { RecoveryPurge } from './recovery.purge.js';
import { RecoveryStandings } from './recovery.standings.service.js';
import { RecoverySubmissions } from './recovery.submissions.service.js';
import { GrantStillWanted } from './steps/still-wanted.js';
import { ChooseDelivery } from './steps/choose-delivery.js';
import { LiftContainment } from './steps/lift-containment.js';
import { JudgeConsequences } from './steps/judge-consequences.js';
import { FindEarlierCall } from './steps/find-earlier-call.js';
import { FindExpiredLink } from './steps/find-expired-link.js';
import { FindObstacles } from './steps/find-obstacles.js';
import { IssueCode } from './steps/issue-code.js';
import { IssueLink } from './steps/issue-link.js';
import { LinkConfirmation } from './steps/link-confirmation.js';
import { ListGrants } from './steps/list-grants.js';
import { FindAddresses } from './steps/find-addresses.js';
import { MoveChoosing } from './steps/move-choosing.js';
import { ReadRecoveryFlow } from './steps/read-flow.js';
import { RedeemCode } from './steps/redeem-code.js';
import { RedeemLink } from './steps/redeem-link.js';
import { TraceRefusal } from './trace-refusal.js';
import { RefuseSubmission } from './steps/refuse-submission.js';
import { RevokeGrant } from './steps/revoke-grant.js';
import { RevokeOnNewCredential } from './steps/revoke-on-new-credential.js';
import { SendRecovery } from './steps/send-recovery.js';
import { StartRecoveryFlow } from './steps/start-flow.js';
import { TakeMailBudget } from './steps/take-mail-budget.js';

@Module({
  imports: [AuditModule, CourierModule, SessionModule, SelfServiceModule],
  controllers: [RecoveryAdminController, HandOverAdminController, RecoveryPublicController],
  providers: [
    RecoveryPurge,
    RevokeOnNewCredential,
    GrantStillWanted,
    RecoveryIssuing,
    RecoveryStandings,
    RecoveryFollowing,
    RecoveryForms,
    RecoveryChoosing,
    FindAddresses,
    MoveChoosing,
    RecoverySubmissions,
    RecoveryAnswers,
    PageTokens,
    RecoveryValues,
    CreateGrant,
    SendSecret,
    CountGuess,
    FindRedeemable,
    CountAccountGuess,
    AdoptLongCode,
    TakeMailBudget,
    RedeemLinkStatement,
    RedeemCodeStatement,
    ChooseDelivery,
    FindMailbox,
    FindEarlierCall,
    FindExpiredLink,
    FindObstacles,
    JudgeConsequences,
    LiftContainment,
    IssueLink,
    IssueCode,
    LinkConfirmation,
    TraceRefusal,
    RedeemLink,
    RedeemCode,
    SendRecovery,
    RefuseSubmission,
    StartRecoveryFlow,
    ReadRecoveryFlow,
    ListGrants,
    RevokeGrant,
  ],
  exports: [
    RecoveryIssuing,
    RecoveryFollowing,
    RecoveryForms,
    ListGrants,
    RevokeGrant,
    RecoveryStandings,
    RecoveryPurge,
    RevokeOnNewCredential,
    GrantStillWanted,
  ],
})
export class RecoveryModule {}
