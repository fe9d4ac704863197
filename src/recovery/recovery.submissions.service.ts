import { Inject, Injectable } from '@nestjs/common';
import { CourierConfig, SelfServiceConfig } from '../config/index.js';
import { Unavailable } from '../platform/errors/index.js';
import { expiredMessage, isUuid, MethodDisabled, type StoredMessage } from '../platform/flow/index.js';
import {
  type Caller,
  CSRF,
  type Csrf,
  CsrfViolation,
  type FormFields,
  formText,
  UnreadableForm,
} from '../platform/http/index.js';
import { RATE_LIMITER, type RateLimiter } from '../platform/rate-limit/index.js';
import { Vetoed } from '../platform/vetoes/index.js';
import { MessageId } from '../platform/ui/index.js';
import { nobodysAddress, readAddress, type SubmittedAddress } from './flow/address.js';
import type { Choosing } from './flow/choosing.js';
import type { RecoveryFlowView } from './flow/recovery-flow.view.js';
import {
  CODE_FLOW_OVER,
  RecoveryDisabled,
  RecoveryFlowParameterMalformed,
  RecoveryFlowUnknown,
  RecoveryMailOff,
} from './recovery.errors.js';
import { RecoveryChoosing } from './recovery.choosing.service.js';
import { RecoveryForms } from './recovery.forms.service.js';
import type { SubmitOutcome } from './recovery.outcome.js';
import { ReadRecoveryFlow } from './steps/read-flow.js';
import { RedeemCode } from './steps/redeem-code.js';
import { type Refusal, RefuseSubmission } from './steps/refuse-submission.js';
import { SendRecovery } from './steps/send-recovery.js';
import { StartRecoveryFlow } from './steps/start-flow.js';
import { type MailBudget, NO_MAIL } from './flow/mail-budget.js';
import { TakeMailBudget } from './steps/take-mail-budget.js';
import { CountAccountGuess } from './hot/count-account-guess.js';

/** Attempts when concurrent submissions of one flow collide; each loser reads the flow again. */
const SEND_TRIES = 8;

/** Handles submissions of a flow's own form: an address, or the code that was sent to it. */
@Injectable()
export class RecoverySubmissions {
  constructor(
    private readonly forms: RecoveryForms,
    private readonly choosing: RecoveryChoosing,
    private readonly readFlow: ReadRecoveryFlow,
    private readonly startFlow: StartRecoveryFlow,
    private readonly send: SendRecovery,
    private readonly budget: TakeMailBudget,
    private readonly accountGuesses: CountAccountGuess,
    private readonly redeemCode: RedeemCode,
    private readonly refuse: RefuseSubmission,
    private readonly selfservice: SelfServiceConfig,
    private readonly courier: CourierConfig,
    @Inject(CSRF) private readonly csrf: Csrf,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
  ) {}

  /** @throws RecoveryFlowParameterMalformed, RecoveryFlowUnknown, RecoveryDisabled, MethodDisabled, RecoveryMailOff, CsrfViolation, TooManyRequests */
  async submit(flowId: string | undefined, caller: Caller, form: FormFields | UnreadableForm): Promise<SubmitOutcome> {
    if (!isUuid(flowId)) throw new RecoveryFlowParameterMalformed();
    const flow = await this.readFlow.run(flowId);
    if (!flow) throw new RecoveryFlowUnknown();
    if (!this.selfservice.flows.recovery.enabled) throw new RecoveryDisabled();
    if (flow.over) return this.#over(flow, caller, 'expired');
    await this.#checkBrowser(flow, caller, form);
    const problem = problemOf(form);
    if (problem) return this.#invalid(flow, caller, problem);
    return this.#submitted(flow, caller, form as FormFields);
  }

  /**
   * As recorded from Kratos, a code's form needs no method and works with a session; but a person with a session gets
   * no mail. A form that names the link method turns a code flow into one for links; no method does the reverse.
   */
  async #submitted(flow: RecoveryFlowView, caller: Caller, form: FormFields): Promise<SubmitOutcome> {
    if (flow.choosing) return this.#choosing(flow, flow.choosing, caller, form);
    const email = formText(form, 'email') ?? '';
    const asksForCode = flow.method === 'code' && flow.state !== 'choose_method';
    if (asksForCode && (email === '' || flow.issuedByAdmin)) {
      this.#mustBeEnabled('code');
      if (flow.state === 'passed_challenge') return this.#over(flow, caller, 'used');
      return this.#code(flow, caller, formText(form, 'code') ?? '');
    }
    const signedIn = await this.forms.signedIn(caller);
    if (signedIn) return signedIn;
    const method = formText(form, 'method');
    if (method !== 'link' && method !== flow.method)
      return this.#invalid({ ...flow, active: 'default' }, caller, {
        messages: [{ id: MessageId.RecoveryNoStrategy }],
      });
    this.#mustBeEnabled(method);
    if (flow.state === 'passed_challenge') return this.#over(flow, caller, 'used');
    return this.#address({ ...flow, method, active: method }, caller, email);
  }

  /** As recorded from Kratos, submitting a code's form from another browser costs that browser its seed. */
  async #checkBrowser(flow: RecoveryFlowView, caller: Caller, form: FormFields | UnreadableForm): Promise<void> {
    if (flow.type === 'api') return this.csrf.refuseBrowser(caller);
    const unreadable = form instanceof UnreadableForm;
    const token = unreadable ? undefined : form['csrf_token'];
    if (flow.skipCsrf) return this.csrf.checkUnbound(caller, token);
    const bound = await this.#boundTo(flow, caller);
    try {
      if (unreadable) this.csrf.checkBrowser(caller, bound);
      else this.csrf.checkForm(caller, token, bound);
    } catch (error) {
      if (error instanceof CsrfViolation && flow.method === 'code') throw error.withCookies(this.csrf.renew().cookie);
      throw error;
    }
  }

  /** What the browser's seed is compared with; right after a code was redeemed, also the seed that was replaced. */
  async #boundTo({ id, method, csrfDigest }: RecoveryFlowView, caller: Caller): Promise<Buffer | null> {
    const seed = this.csrf.seed(caller);
    if (method !== 'code' || seed === undefined || this.csrf.began(caller, csrfDigest)) return csrfDigest;
    const brought = this.csrf.digestOf(seed);
    return (await this.redeemCode.wasJustRedeemedBy(id, brought)) ? brought : csrfDigest;
  }

  #mustBeEnabled(method: RecoveryFlowView['method']): void {
    if (!this.selfservice.methods[method].enabled) throw new MethodDisabled();
  }

  async #choosing(
    flow: RecoveryFlowView,
    choosing: Choosing,
    caller: Caller,
    form: FormFields,
  ): Promise<SubmitOutcome> {
    const signedIn = await this.forms.signedIn(caller);
    if (signedIn) return signedIn;
    this.#mustBeEnabled('code');
    if (flow.state === 'passed_challenge') return this.#over(flow, caller, 'used');
    const step = await this.choosing.step(flow, choosing, form);
    switch (step.kind) {
      case 'code':
        return this.#code(flow, caller, step.code);
      case 'send':
        return this.#address(flow, caller, step.email);
      case 'moved':
        return { kind: 'taken', flow: step.flow, csrfToken: this.csrf.tokenFor(step.flow, caller) };
      case 'refused':
        return this.#invalid(flow, caller, step.refusal);
    }
  }

  async #code(flow: RecoveryFlowView, caller: Caller, code: string): Promise<SubmitOutcome> {
    await this.limiter.take(['code_network']);
    const verdict = await this.#verdict(caller, flow, code);
    switch (verdict.kind) {
      case 'vetoed':
        return this.#shown(flow, caller, verdict.message);
      case 'too_often':
        return this.#over(flow, caller, 'too_often');
      case 'wrong':
        return this.#shown(flow, caller, { id: MessageId.RecoveryCodeInvalid });
      case 'right': {
        const passed = { ...flow, state: 'passed_challenge', messages: [], nodeMessages: {} };
        const { settingsFlowId, sessionToken, csrf } = verdict;
        const csrfToken = csrf?.token ?? '';
        return { kind: 'recovered', flow: passed, csrfToken, settingsFlowId, sessionToken, cookie: csrf?.cookie };
      }
    }
  }

  async #verdict(caller: Caller, flow: RecoveryFlowView, code: string) {
    try {
      return await this.redeemCode.run(caller, flow, code, () => this.#mayGuess(flow));
    } catch (error) {
      if (!(error instanceof Vetoed)) throw error;
      return { kind: 'vetoed', message: error.toMessage() } as const;
    }
  }

  /** The form stays open and says why the submission was refused. */
  async #shown(flow: RecoveryFlowView, caller: Caller, message: StoredMessage): Promise<SubmitOutcome> {
    const shown = await this.refuse.run(flow, { messages: [message] });
    return { kind: 'taken', flow: shown, csrfToken: this.csrf.tokenFor(shown, caller) };
  }

  /**
   * When choosing, a person may enter an address of any kind. One that mail can't reach is treated like an unknown
   * address.
   */
  async #address(flow: RecoveryFlowView, caller: Caller, email: string): Promise<SubmitOutcome> {
    if (!this.courier.delivers) throw new RecoveryMailOff();
    if (email === '') return this.#invalid(flow, caller, { nodeMessages: { email: [missing('email')] } });
    await this.limiter.take(['recovery_network']);
    const address = readAddress(email);
    if (!address && !flow.choosing) {
      const wrong = { id: MessageId.AddressInvalid, context: { value: email.slice(0, 254) } };
      return this.#invalid(flow, caller, { nodeMessages: { email: [wrong] } });
    }
    if (flow.submitCount >= this.selfservice.methods.code.config.max_submissions)
      return this.#over(flow, caller, 'too_often');
    const sent = address
      ? await this.#send(flow, address, await this.budget.run(address.normalized))
      : await this.#send(flow, nobodysAddress(email), NO_MAIL);
    return sent
      ? { kind: 'taken', flow: sent, csrfToken: this.csrf.tokenFor(sent, caller) }
      : this.#over(flow, caller, 'used');
  }

  /**
   * Starting many flows for an account does not allow more guesses, wherever they come from. Using them up locks nobody
   * out, because codes mailed from then on are too long to need counting. An administrator's code is exempt: nobody
   * else can know its flow.
   */
  async #mayGuess(flow: RecoveryFlowView): Promise<boolean> {
    if (flow.issuedByAdmin || flow.email === null) return true;
    const address = readAddress(flow.email)?.normalized ?? flow.email;
    return (await this.limiter.allows('code_address', address)) && (await this.accountGuesses.run(address));
  }

  /** Undefined if the flow has ended meanwhile. */
  async #send(
    flow: RecoveryFlowView,
    address: SubmittedAddress,
    budget: MailBudget,
  ): Promise<RecoveryFlowView | undefined> {
    let current = flow;
    for (let tries = 0; tries < SEND_TRIES; tries++) {
      const sent = await this.send.run(current, address, budget);
      if (sent) return sent;
      const now = await this.readFlow.run(flow.id);
      if (!now || now.over || now.state === 'passed_challenge') return undefined;
      current = { ...now, method: flow.method };
    }
    throw new Unavailable('Too many messages were requested at once.');
  }

  async #invalid(flow: RecoveryFlowView, caller: Caller, refusal: Refusal): Promise<SubmitOutcome> {
    const { method, active } = flow;
    const shown = { ...(await this.refuse.run(flow, refusal)), method, active };
    return { kind: 'invalid', flow: shown, csrfToken: this.csrf.tokenFor(shown, caller) };
  }

  /** Starts another flow, which says why. */
  async #over(over: RecoveryFlowView, caller: Caller, why: 'too_often' | 'used' | 'expired'): Promise<SubmitOutcome> {
    const message: StoredMessage =
      why === 'expired'
        ? expiredMessage(MessageId.RecoveryFlowExpired, over)
        : { id: MessageId.Generic, context: { reason: CODE_FLOW_OVER[why] } };
    const cookie = this.csrf.ensure(caller);
    const fresh = await this.startFlow.run({
      type: over.type,
      requestUrl: over.requestUrl,
      returnTo: over.returnTo ?? undefined,
      csrfDigest: this.csrf.bind(over, caller),
      messages: [message],
    });
    return { kind: 'over', why, over, flowId: fresh.id, cookie };
  }
}

const SHOWN = new Set(['email', 'code', 'recovery_address', 'recovery_confirm_address']);
const TEXTS = ['method', ...SHOWN, 'recovery_select_address', 'screen'];

/** Faults in a form that are independent of its purpose. */
function problemOf(form: FormFields | UnreadableForm): Refusal | undefined {
  if (form instanceof UnreadableForm)
    return { messages: [{ id: MessageId.Generic, context: { reason: form.why.reason } }] };
  for (const name of TEXTS) {
    const actual = typeName(form[name]);
    if (actual === 'string' || actual === 'undefined' || actual === 'null') continue;
    const message = { id: MessageId.WrongType, context: { allowed_types: ['string'], actual_type: actual } };
    return SHOWN.has(name) ? { nodeMessages: { [name]: [message] } } : { messages: [message] };
  }
  return undefined;
}

/** The JSON Schema name of the type. */
function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const missing = (property: string): StoredMessage => ({ id: MessageId.PropertyMissing, context: { property } });
