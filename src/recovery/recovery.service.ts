import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RegainConfig, SelfServiceConfig, Urls } from '../config/index.js';
import { MissingRow, Unavailable } from '../platform/errors/index.js';
import { type FlowType, isUuid, queryOf, redactRequestUrl } from '../platform/flow/index.js';
import { CSRF, type Csrf, type FormFields, isSafeRead, queryText, wantsJson } from '../platform/http/index.js';
import { RATE_LIMITER, type RateLimiter } from '../platform/rate-limit/index.js';
import { MessageId } from '../platform/ui/index.js';
import { ReturnToService } from '../self-service/index.js';
import { SessionService } from '../session/index.js';
import type { RecoveryFlowView } from './flow/recovery-flow.view.js';
import type { LinkParts } from './flow/link-parts.js';
import { linkRequestUrl } from './flow/request-url.js';
import {
  ConfirmInBrowser,
  FlowParameterMalformed,
  RecoveryDisabled,
  RecoveryEndpointDisabled,
  RecoveryFlowExpired,
  RecoveryFlowUnknown,
  SessionAlreadyAvailable,
} from './recovery.errors.js';
import type { FollowOutcome, ShownFlow, SubmitOutcome } from './recovery.outcome.js';
import { type Handover, type Issued, RecoveryIssuing } from './recovery.issuing.service.js';
import { RecoverySubmissions } from './recovery.submissions.service.js';
import { BeginConfirmation, type Confirmation } from './steps/begin-confirmation.js';
import type { CodeRequest, IssuedCode } from './steps/issue-code.js';
import type { IssuedLink, LinkRequest } from './steps/issue-link.js';
import { type GrantFilter, type GrantView, ListGrants } from './steps/list-grants.js';
import { ReadRecoveryFlow } from './steps/read-flow.js';
import { RedeemLink } from './steps/redeem-link.js';
import { RevokeGrant } from './steps/revoke-grant.js';
import { StartRecoveryFlow } from './steps/start-flow.js';

/** Characters. Ours have 32; what is much longer would only be carried on into the confirm page's address. */
const LONGEST_TOKEN = 256;

/** Gives accounts back by link or code: reads what was asked for and picks one step. */
@Injectable()
export class RecoveryService {
  constructor(
    private readonly issuing: RecoveryIssuing,
    private readonly submissions: RecoverySubmissions,
    private readonly confirmation: BeginConfirmation,
    private readonly redeem: RedeemLink,
    private readonly startFlow: StartRecoveryFlow,
    private readonly readFlow: ReadRecoveryFlow,
    private readonly list: ListGrants,
    private readonly revokeGrant: RevokeGrant,
    private readonly sessions: SessionService,
    private readonly returnTo: ReturnToService,
    private readonly selfservice: SelfServiceConfig,
    private readonly regain: RegainConfig,
    private readonly urls: Urls,
    @Inject(CSRF) private readonly csrf: Csrf,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
  ) {}

  /** @throws as RecoveryIssuing.link */
  issueLink(request: LinkRequest, handover: Handover = {}): Promise<Issued<IssuedLink>> {
    return this.issuing.link(request, handover);
  }

  /** @throws as RecoveryIssuing.code */
  issueCode(request: CodeRequest, handover: Handover = {}): Promise<Issued<IssuedCode>> {
    return this.issuing.code(request, handover);
  }

  /** GET with a token: the link itself was opened. */
  async follow(request: FastifyRequest): Promise<FollowOutcome> {
    this.#refuseDisabled();
    const link = this.#linkOf(request, {});
    if (this.regain.recovery.redeem_on === 'confirm') return this.#toConfirmation(request, link);
    if (isSafeRead(request))
      throw new Unavailable('The link must be opened by a person, not fetched ahead or in parts.');
    return this.#redeemOrRefuse(request, link, null);
  }

  /** POST with a token: the confirmation of a link, or, where a GET redeems too, the link's own form. */
  async confirm(request: FastifyRequest, form: FormFields): Promise<FollowOutcome> {
    this.#refuseDisabled();
    const link = this.#linkOf(request, form);
    if (this.regain.recovery.redeem_on !== 'confirm') return this.#redeemOrRefuse(request, link, null);
    const nonce = this.confirmation.check(request, link, form['proof']);
    if (nonce === undefined) return this.#toConfirmation(request, link);
    return this.#redeemOrRefuse(request, link, nonce);
  }

  /** POST without a token: an address, or a code. @throws RecoveryDisabled, RecoveryFlowUnknown, CsrfViolation, BadRequest */
  async submit(request: FastifyRequest, form: FormFields): Promise<SubmitOutcome> {
    return this.submissions.submit(queryText(request, 'flow'), request, form);
  }

  /** For the confirm page. Reads nothing about the link. */
  beginConfirmation(request: FastifyRequest, link: LinkParts): Confirmation {
    return this.confirmation.run(request, link);
  }

  /** Starts a flow in which a person asks for recovery. */
  async start(request: FastifyRequest, type: FlowType): Promise<ShownFlow> {
    this.#refuseDisabled();
    const returnTo = this.returnTo.check(queryText(request, 'return_to'));
    if (await this.sessions.resolve(request)) throw new SessionAlreadyAvailable();
    const seed = type === 'browser' ? this.csrf.seed(request) : undefined;
    const flow = await this.startFlow.run({
      type,
      requestUrl: redactRequestUrl(this.urls.public(`/self-service/recovery/${type}`) + queryOf(request.url)),
      returnTo,
      csrfDigest: seed === undefined ? null : this.csrf.digestOf(seed),
    });
    return this.#shown(flow, request);
  }

  /** A flow for the browser or client that began it. @throws MissingRow, RecoveryFlowExpired, CsrfViolation */
  async show(flowId: string | undefined, request: FastifyRequest): Promise<ShownFlow> {
    this.#refuseDisabled();
    const flow = await this.readFlow.run(flowId);
    if (!flow) throw new MissingRow();
    if (flow.type === 'browser' && !flow.skipCsrf) this.csrf.checkBrowser(request, flow.csrfDigest);
    if (flow.expired) throw new RecoveryFlowExpired();
    return this.#shown(flow, request);
  }

  grants(filter: GrantFilter): Promise<GrantView[]> {
    return this.list.run(filter);
  }

  /** @throws MissingRow */
  async grant(id: string): Promise<GrantView> {
    const [found] = isUuid(id) ? await this.list.run({ id, limit: 1 }) : [];
    if (!found) throw new MissingRow();
    return found;
  }

  revoke(grantId: string): Promise<void> {
    return this.revokeGrant.run(grantId);
  }

  #refuseDisabled(): void {
    if (!this.selfservice.flows.recovery.enabled) throw new RecoveryDisabled();
  }

  #linkOf(request: FastifyRequest, form: FormFields): LinkParts {
    const flow = queryText(request, 'flow') ?? form['flow'];
    const token = queryText(request, 'token') ?? form['token'];
    if (!isUuid(flow) || String(token).length > LONGEST_TOKEN) throw new FlowParameterMalformed();
    return { flow, token: String(token) };
  }

  #toConfirmation(request: FastifyRequest, link: LinkParts): FollowOutcome {
    const page = this.urls.public('/ui/confirm', { flow: link.flow, token: link.token });
    if (wantsJson(request)) throw new ConfirmInBrowser(page);
    return { kind: 'confirm', page };
  }

  async #redeemOrRefuse(request: FastifyRequest, link: LinkParts, nonce: string | null): Promise<FollowOutcome> {
    if (!this.selfservice.methods.link.enabled) throw new RecoveryEndpointDisabled();
    const redeemed = await this.redeem.run(request, link, nonce);
    return redeemed ? { kind: 'redeemed', ...redeemed } : this.#refuse(request, link);
  }

  /** A new flow that says so; the same for every kind of wrong, unless the recorded differences are asked for. */
  async #refuse(request: FastifyRequest, link: LinkParts): Promise<FollowOutcome> {
    await this.limiter.take(['link_network']); // a good link of the same network still works, and costs no counting
    const flow = await this.readFlow.run(link.flow);
    if (!flow) throw new RecoveryFlowUnknown();
    const requestUrl = linkRequestUrl(this.urls, link.flow);
    if (flow.expired && !this.regain.recovery.uniform_failures) {
      const messages = [{ id: MessageId.RecoveryFlowExpired, context: { minutes: flow.expiredMinutes } }];
      const fresh = await this.startFlow.run({
        type: 'browser',
        requestUrl,
        csrfDigest: this.csrf.renew().digest,
        messages,
      });
      return { kind: 'refused', flowId: fresh.id };
    }
    const known = this.csrf.seed(request);
    const seed = known === undefined ? this.csrf.renew() : { digest: this.csrf.digestOf(known), cookie: undefined };
    const messages = [{ id: MessageId.RecoveryTokenInvalid }];
    const fresh = await this.startFlow.run({ type: 'browser', requestUrl, csrfDigest: seed.digest, messages });
    return { kind: 'refused', flowId: fresh.id, cookie: seed.cookie };
  }

  #shown(flow: RecoveryFlowView, request: FastifyRequest): ShownFlow {
    const seed = flow.type === 'browser' ? this.csrf.seed(request) : undefined;
    return { kind: 'shown', flow, csrfToken: seed === undefined ? '' : this.csrf.token(seed) };
  }
}
