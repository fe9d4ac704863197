import { Inject, Injectable } from '@nestjs/common';
import { RegainConfig, SelfServiceConfig, Urls } from '../config/index.js';
import { Unavailable } from '../platform/errors/index.js';
import { expiredMessage, MethodDisabled, type StoredMessage } from '../platform/flow/index.js';
import {
  type Caller,
  CSRF,
  type Csrf,
  type FormFields,
  isSafeRead,
  queryText,
  wantsJson,
} from '../platform/http/index.js';
import { RATE_LIMITER, type RateLimiter } from '../platform/rate-limit/index.js';
import { Vetoed } from '../platform/vetoes/index.js';
import { MessageId } from '../platform/ui/index.js';
import { type LinkParts, linkParts } from './flow/link-parts.js';
import type { RecoveryFlowView } from './flow/recovery-flow.view.js';
import { linkRequestUrl } from './flow/request-url.js';
import { ConfirmInBrowser, RecoveryDisabled, RecoveryFlowUnknown, RecoveryLinkIncomplete } from './recovery.errors.js';
import type { FollowOutcome } from './recovery.outcome.js';
import { FindExpiredLink } from './steps/find-expired-link.js';
import { LinkConfirmation, type Confirmation } from './steps/link-confirmation.js';
import { ReadRecoveryFlow } from './steps/read-flow.js';
import { RedeemLink } from './steps/redeem-link.js';
import { StartRecoveryFlow } from './steps/start-flow.js';

/**
 * Handles a followed link: shows the confirmation page, opens a session, or shows a form which says that the link
 * doesn't work.
 */
@Injectable()
export class RecoveryFollowing {
  constructor(
    private readonly confirmation: LinkConfirmation,
    private readonly redeem: RedeemLink,
    private readonly readFlow: ReadRecoveryFlow,
    private readonly findExpired: FindExpiredLink,
    private readonly startFlow: StartRecoveryFlow,
    private readonly selfservice: SelfServiceConfig,
    private readonly regain: RegainConfig,
    private readonly urls: Urls,
    @Inject(CSRF) private readonly csrf: Csrf,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
  ) {}

  /**
   * GET with a token: the link itself was opened.
   * @throws RecoveryDisabled, RecoveryLinkIncomplete, ConfirmInBrowser, Unavailable, and the errors of a link that does not work
   */
  async follow(caller: Caller): Promise<FollowOutcome> {
    this.#refuseDisabled();
    const link = linkOf(caller, {});
    if (this.regain.recovery.redeem_on === 'confirm') return this.#ask(caller, link);
    if (isSafeRead(caller))
      throw new Unavailable('The link must be opened by a person, not by a prefetch or a range request.');
    return this.#redeem(caller, link, null);
  }

  /**
   * POST with a token: the confirmation of a link, or, if a GET may redeem too, the link's own form.
   * @throws RecoveryDisabled, CsrfViolation, RecoveryLinkIncomplete, ConfirmInBrowser, and the errors of a link that does not work
   */
  async confirm(caller: Caller, form: FormFields): Promise<FollowOutcome> {
    this.#refuseDisabled();
    const link = linkOf(caller, form);
    if (this.regain.recovery.redeem_on !== 'confirm') {
      this.csrf.checkOrigin(caller);
      return this.#redeem(caller, link, null);
    }
    const nonce = this.csrf.isForeign(caller) ? undefined : this.confirmation.check(caller, link, form['proof']);
    return nonce === undefined ? this.#ask(caller, link) : this.#redeem(caller, link, nonce);
  }

  /** For the confirmation page. Reads nothing about the link. */
  beginConfirmation(caller: Caller, link: LinkParts): Confirmation {
    return this.confirmation.begin(caller, link);
  }

  #refuseDisabled(): void {
    if (!this.selfservice.flows.recovery.enabled) throw new RecoveryDisabled();
  }

  /** The page with the button that the person must press. */
  #ask(caller: Caller, link: LinkParts): FollowOutcome {
    const page = this.urls.public('/ui/confirm', { flow: link.flow, token: link.token });
    if (wantsJson(caller)) throw new ConfirmInBrowser(page);
    return { kind: 'confirm', page };
  }

  async #redeem(caller: Caller, link: LinkParts, nonce: string | null): Promise<FollowOutcome> {
    if (!this.selfservice.methods.link.enabled) throw new MethodDisabled();
    const redeemed = await this.#allowed(caller, link, nonce);
    if (redeemed instanceof Vetoed) return this.#vetoed(caller, link, redeemed);
    return redeemed ? { kind: 'redeemed', ...redeemed } : this.#refuse(caller, link);
  }

  async #allowed(caller: Caller, link: LinkParts, nonce: string | null) {
    try {
      return await this.redeem.run(caller, link, nonce);
    } catch (error) {
      if (error instanceof Vetoed) return error;
      throw error;
    }
  }

  /**
   * The link stays valid: a new flow says why it doesn't work yet.
   * @throws Vetoed if the client asks for JSON; TooManyRequests
   */
  async #vetoed(caller: Caller, link: LinkParts, vetoed: Vetoed): Promise<FollowOutcome> {
    await this.limiter.take(['link_network']);
    if (wantsJson(caller)) throw vetoed;
    return this.#invalid({ id: link.flow }, caller, vetoed.toMessage());
  }

  /**
   * The link was used, expired, withdrawn or never valid: starts a flow which says that it doesn't work. The answer is
   * the same in all cases, unless the configuration asks for Kratos' recorded differences.
   * @throws RecoveryFlowUnknown, TooManyRequests
   */
  async #refuse(caller: Caller, link: LinkParts): Promise<FollowOutcome> {
    await this.limiter.take(['link_network']); // a valid link from the same network still works, because it isn't counted
    const flow = await this.readFlow.run(link.flow);
    if (!flow) throw new RecoveryFlowUnknown();
    if (this.regain.recovery.uniform_failures) return this.#invalid(flow, caller);
    if (flow.over) return this.#expired(flow, caller);
    const expired = await this.findExpired.run(link);
    return this.#invalid(flow, caller, expired && expiredMessage(MessageId.RecoveryFlowExpired, expired));
  }

  /** A browser with a seed can read the new flow; another one gets no seed, as recorded from Kratos. */
  async #expired(over: RecoveryFlowView, caller: Caller): Promise<FollowOutcome> {
    const known = this.csrf.seed(caller);
    const csrfDigest = known === undefined ? this.csrf.renew().digest : this.csrf.digestOf(known);
    const { id } = await this.startFlow.run({
      type: 'browser',
      requestUrl: over.requestUrl,
      returnTo: over.returnTo ?? undefined,
      csrfDigest,
      messages: [expiredMessage(MessageId.RecoveryFlowExpired, over)],
    });
    return { kind: 'refused', why: 'expired', flowId: id };
  }

  async #invalid(
    { id }: Pick<RecoveryFlowView, 'id'>,
    caller: Caller,
    message: StoredMessage = { id: MessageId.RecoveryTokenInvalid },
  ): Promise<FollowOutcome> {
    const known = this.csrf.seed(caller);
    const seed = known === undefined ? this.csrf.renew() : { digest: this.csrf.digestOf(known), cookie: undefined };
    const flow = await this.startFlow.run({
      type: 'browser',
      requestUrl: linkRequestUrl(this.urls, id),
      csrfDigest: seed.digest,
      messages: [message],
    });
    return { kind: 'refused', why: 'invalid', flowId: flow.id, cookie: seed.cookie };
  }
}

function linkOf(caller: Caller, form: FormFields): LinkParts {
  const link = linkParts(queryText(caller, 'flow') ?? form['flow'], queryText(caller, 'token') ?? form['token']);
  if (!link) throw new RecoveryLinkIncomplete();
  return link;
}
