import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CourierConfig, SelfServiceConfig } from '../config/index.js';
import { Unavailable } from '../platform/errors/index.js';
import type { StoredMessage } from '../platform/flow/index.js';
import { CSRF, type Csrf, type FormFields, formText } from '../platform/http/index.js';
import { RATE_LIMITER, type RateLimiter } from '../platform/rate-limit/index.js';
import { MessageId } from '../platform/ui/index.js';
import { readAddress, type SubmittedAddress } from './flow/address.js';
import type { RecoveryFlowView } from './flow/recovery-flow.view.js';
import { CODE_FLOW_OVER, RecoveryDisabled, RecoveryFlowUnknown, RecoveryMailOff } from './recovery.errors.js';
import type { SubmitOutcome } from './recovery.outcome.js';
import { ReadRecoveryFlow } from './steps/read-flow.js';
import { RedeemCode } from './steps/redeem-code.js';
import { type Refusal, RefuseSubmission } from './steps/refuse-submission.js';
import { SendRecovery } from './steps/send-recovery.js';
import { StartRecoveryFlow } from './steps/start-flow.js';

/** Of one flow at once; each loser looks at the flow again. */
const SEND_TRIES = 8;

/** What a flow's own form brings: an address, or the code that was sent to it. */
@Injectable()
export class RecoverySubmissions {
  constructor(
    private readonly readFlow: ReadRecoveryFlow,
    private readonly startFlow: StartRecoveryFlow,
    private readonly send: SendRecovery,
    private readonly redeemCode: RedeemCode,
    private readonly refuse: RefuseSubmission,
    private readonly selfservice: SelfServiceConfig,
    private readonly courier: CourierConfig,
    @Inject(CSRF) private readonly csrf: Csrf,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
  ) {}

  /** @throws RecoveryFlowUnknown, RecoveryDisabled, RecoveryMailOff, CsrfViolation, TooManyRequests */
  async submit(flowId: string | undefined, request: FastifyRequest, form: FormFields): Promise<SubmitOutcome> {
    const flow = await this.readFlow.run(flowId);
    if (!flow) throw new RecoveryFlowUnknown();
    if (!this.selfservice.flows.recovery.enabled) throw new RecoveryDisabled();
    if (flow.type === 'api') this.csrf.refuseBrowser(request);
    else if (flow.skipCsrf) this.csrf.checkUnbound(request, form['csrf_token']);
    else this.csrf.checkForm(request, form['csrf_token'], flow.csrfDigest);
    if (flow.expired) return this.#over(flow, request, 'expired');
    if (formText(form, 'method') !== flow.method || !this.selfservice.methods[flow.method].enabled)
      return this.#invalid(flow, request, { messages: [{ id: MessageId.RecoveryNoStrategy }] }, 'default');
    if (flow.state === 'passed_challenge') return this.#over(flow, request, 'used');
    const email = formText(form, 'email') ?? '';
    const asksForCode = flow.method === 'code' && flow.state === 'sent_email';
    if (asksForCode && (email === '' || flow.issuedByAdmin)) return this.#code(flow, request, form);
    return this.#address(flow, request, email);
  }

  async #code(flow: RecoveryFlowView, request: FastifyRequest, form: FormFields): Promise<SubmitOutcome> {
    const code = formText(form, 'code') ?? '';
    if (code === '') return this.#invalid(flow, request, { nodeMessages: { code: [missing('code')] } });
    await this.limiter.take(['code_network']);
    const verdict = await this.redeemCode.run(request, flow, code, () => this.#mayGuess(flow));
    switch (verdict.kind) {
      case 'too_often':
        return this.#over(flow, request, 'too_often');
      case 'wrong': {
        const shown = await this.refuse.run(flow, { messages: [{ id: MessageId.RecoveryCodeInvalid }] });
        return { kind: 'taken', flow: shown, csrfToken: this.#token(shown, request) };
      }
      case 'right': {
        const passed = { ...flow, state: 'passed_challenge', messages: [], nodeMessages: {} };
        const { settingsFlowId, sessionToken, csrf } = verdict;
        const csrfToken = csrf?.token ?? '';
        return { kind: 'recovered', flow: passed, csrfToken, settingsFlowId, sessionToken, cookie: csrf?.cookie };
      }
    }
  }

  async #address(flow: RecoveryFlowView, request: FastifyRequest, email: string): Promise<SubmitOutcome> {
    if (!this.courier.delivers) throw new RecoveryMailOff();
    if (email === '') return this.#invalid(flow, request, { nodeMessages: { email: [missing('email')] } });
    await this.limiter.take(['recovery_network']);
    const address = readAddress(email);
    if (!address) {
      const wrong = { id: MessageId.AddressInvalid, context: { value: email.slice(0, 254) } };
      return this.#invalid(flow, request, { nodeMessages: { email: [wrong] } });
    }
    if (flow.submitCount >= this.selfservice.methods.code.config.max_submissions)
      return this.#over(flow, request, 'too_often');
    await this.limiter.take(['recovery_address', 'recovery_mails'], address.normalized);
    const sent = await this.#send(flow, address);
    return sent
      ? { kind: 'taken', flow: sent, csrfToken: this.#token(sent, request) }
      : this.#over(flow, request, 'used');
  }

  /**
   * Many flows for one address do not make many guesses. Nobody but who asks for mail can begin such a flow, and a stranger
   * spends the budget of their own network; a code that an administrator made is not theirs to spoil.
   */
  async #mayGuess(flow: RecoveryFlowView): Promise<boolean> {
    if (flow.issuedByAdmin || flow.email === null) return true;
    return this.limiter.allows('code_address', readAddress(flow.email)?.normalized ?? flow.email);
  }

  /** Undefined where the flow came to its end meanwhile. */
  async #send(flow: RecoveryFlowView, address: SubmittedAddress): Promise<RecoveryFlowView | undefined> {
    let current: RecoveryFlowView | undefined = flow;
    for (let tries = 0; tries < SEND_TRIES; tries++) {
      const sent = await this.send.run(current, address);
      if (sent) return sent;
      current = await this.readFlow.run(flow.id);
      if (!current || current.expired || current.state === 'passed_challenge') return undefined;
    }
    throw new Unavailable('Too many messages were asked for at once.');
  }

  async #invalid(
    flow: RecoveryFlowView,
    request: FastifyRequest,
    refusal: Refusal,
    active: string | null = flow.active,
  ): Promise<SubmitOutcome> {
    const shown = { ...(await this.refuse.run(flow, refusal)), active };
    return { kind: 'invalid', flow: shown, csrfToken: this.#token(shown, request) };
  }

  /** Another flow, which says why. */
  async #over(
    over: RecoveryFlowView,
    request: FastifyRequest,
    why: 'too_often' | 'used' | 'expired',
  ): Promise<SubmitOutcome> {
    const message: StoredMessage =
      why === 'expired'
        ? { id: MessageId.RecoveryFlowExpired, context: { minutes: over.expiredMinutes } }
        : { id: MessageId.Generic, context: { reason: CODE_FLOW_OVER[why] } };
    const cookie = this.csrf.ensure(request);
    const seed = over.type === 'browser' ? this.csrf.seed(request) : undefined;
    const fresh = await this.startFlow.run({
      type: over.type,
      requestUrl: over.requestUrl,
      returnTo: over.returnTo ?? undefined,
      csrfDigest: seed === undefined ? null : this.csrf.digestOf(seed),
      messages: [message],
    });
    return { kind: 'over', why, over, flowId: fresh.id, cookie };
  }

  #token(flow: RecoveryFlowView, request: FastifyRequest): string {
    const seed = flow.type === 'browser' ? this.csrf.seed(request) : undefined;
    return seed === undefined ? '' : this.csrf.token(seed);
  }
}

const missing = (property: string): StoredMessage => ({ id: MessageId.PropertyMissing, context: { property } });
