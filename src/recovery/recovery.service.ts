import { Injectable } from '@nestjs/common';
import { SelfServiceConfig } from '../config/index.js';
import type { FlowType } from '../platform/flow/index.js';
import { type Caller, type FormFields, queryText, type UnreadableForm } from '../platform/http/index.js';
import type { LinkParts } from './flow/link-parts.js';
import { RecoveryDisabled } from './recovery.errors.js';
import { RecoveryFollowing } from './recovery.following.service.js';
import { RecoveryForms } from './recovery.forms.service.js';
import { type Handover, type Issued, RecoveryIssuing } from './recovery.issuing.service.js';
import type { FollowOutcome, ShownFlow, SignedIn, SubmitOutcome } from './recovery.outcome.js';
import { RecoverySubmissions } from './recovery.submissions.service.js';
import type { Confirmation } from './steps/link-confirmation.js';
import type { CodeRequest, IssuedCode } from './steps/issue-code.js';
import type { IssuedLink, LinkRequest } from './steps/issue-link.js';
import { type GrantFilter, type GrantPage, type GrantView, ListGrants } from './steps/list-grants.js';
import { RevokeGrant } from './steps/revoke-grant.js';

/** The recovery module's interface: delegates each request to its service. */
@Injectable()
export class RecoveryService {
  constructor(
    private readonly issuing: RecoveryIssuing,
    private readonly following: RecoveryFollowing,
    private readonly forms: RecoveryForms,
    private readonly submissions: RecoverySubmissions,
    private readonly list: ListGrants,
    private readonly revokeGrant: RevokeGrant,
    private readonly selfservice: SelfServiceConfig,
  ) {}

  /** @throws as RecoveryIssuing.link */
  issueLink(caller: LinkRequest, handover: Handover = {}): Promise<Issued<IssuedLink>> {
    return this.issuing.link(caller, handover);
  }

  /** @throws as RecoveryIssuing.code */
  issueCode(caller: CodeRequest, handover: Handover = {}): Promise<Issued<IssuedCode>> {
    return this.issuing.code(caller, handover);
  }

  /**
   * GET with a token: the link itself was opened.
   * @throws RecoveryDisabled, and as RecoveryFollowing.follow
   */
  async follow(caller: Caller): Promise<FollowOutcome> {
    this.#refuseDisabled();
    return this.following.follow(caller);
  }

  /**
   * POST with a token: the confirmation of a link, or, if a GET may redeem too, the link's own form.
   * @throws RecoveryDisabled, and as RecoveryFollowing.confirm
   */
  async confirm(caller: Caller, form: FormFields): Promise<FollowOutcome> {
    this.#refuseDisabled();
    return this.following.confirm(caller, form);
  }

  /** For the confirmation page. Reads nothing about the link. */
  beginConfirmation(caller: Caller, link: LinkParts): Confirmation {
    return this.following.beginConfirmation(caller, link);
  }

  /**
   * Starts a flow in which a person requests recovery.
   * @throws RecoveryDisabled, and as RecoveryForms.start
   */
  async start(caller: Caller, type: FlowType): Promise<ShownFlow | SignedIn> {
    const signedIn = await this.forms.signedIn(caller);
    if (signedIn) return signedIn;
    this.#refuseDisabled();
    return this.forms.start(caller, type);
  }

  /**
   * Shows a flow to the browser or client that started it.
   * @throws RecoveryDisabled, and as RecoveryForms.show
   */
  async show(flowId: string | undefined, caller: Caller): Promise<ShownFlow> {
    this.#refuseDisabled();
    return this.forms.show(flowId, caller);
  }

  /**
   * POST without a token: an address, or a code.
   * @throws as RecoverySubmissions.submit
   */
  submit(caller: Caller, form: FormFields | UnreadableForm): Promise<SubmitOutcome> {
    return this.submissions.submit(queryText(caller, 'flow'), caller, form);
  }

  /**
   * Newest first.
   * @throws PageTokenInvalid
   */
  grants(filter: GrantFilter): Promise<GrantPage> {
    return this.list.run(filter);
  }

  /** @throws MissingRow */
  grant(id: string): Promise<GrantView> {
    return this.list.one(id);
  }

  revoke(grantId: string): Promise<void> {
    return this.revokeGrant.run(grantId);
  }

  #refuseDisabled(): void {
    if (!this.selfservice.flows.recovery.enabled) throw new RecoveryDisabled();
  }
}
