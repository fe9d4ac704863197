import { Inject, Injectable } from '@nestjs/common';
import { BadRequest, MissingRow } from '../../platform/errors/index.js';
import { FlowGone, type FlowType, isUuid } from '../../platform/flow/index.js';
import { type Caller, CSRF, type Csrf, type FormFields } from '../../platform/http/index.js';
import type { LoginArrival } from '../social/social.view.js';
import type { LoginFlowBody } from './login.dto.js';
import type { LoginOutcome, LoginStart } from './login.outcome.js';
import { LoginPresenter } from './login.presenter.js';
import { LoginSubmissions } from './login.submissions.service.js';
import { LoginWaysOn } from './login.ways-on.js';
import { LoginFlows } from './persistence/login-flows.js';
import { StartLogin } from './steps/start-login.js';

/** The login module's interface: starts, shows and submits login flows. */
@Injectable()
export class LoginService {
  constructor(
    private readonly startLogin: StartLogin,
    private readonly flows: LoginFlows,
    private readonly submissions: LoginSubmissions,
    private readonly presenter: LoginPresenter,
    private readonly waysOn: LoginWaysOn,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  /** @throws as StartLogin.run */
  start(caller: Caller, type: FlowType): Promise<LoginStart> {
    return this.startLogin.run(caller, type);
  }

  /**
   * The flow as clients see it.
   * @throws MissingRow, CsrfViolation, FlowGone
   */
  async show(flowId: string | undefined, caller: Caller): Promise<LoginFlowBody> {
    const flow = await this.flows.find(flowId);
    if (!flow) throw new MissingRow();
    if (flow.type === 'browser') this.csrf.checkBrowser(caller, flow.csrfDigest);
    if (flow.over) throw new FlowGone('login', this.waysOn.startAgain(flow));
    return this.presenter.present(flow, caller);
  }

  /**
   * The URL of the form, for people who open the submission URL by GET.
   * @throws BadRequest
   */
  formOf(flowId: string | undefined): string {
    if (!isUuid(flowId)) throw new BadRequest('The flow query parameter is missing or malformed.');
    return this.waysOn.form(flowId);
  }

  /** @throws as LoginSubmissions.submit */
  submit(flowId: string | undefined, form: FormFields, caller: Caller): Promise<LoginOutcome> {
    return this.submissions.submit(flowId, form, caller);
  }

  /**
   * Handles the return from a provider.
   * @throws as LoginSubmissions.finish
   */
  finish(arrival: LoginArrival, caller: Caller): Promise<LoginOutcome> {
    return this.submissions.finish(arrival, caller);
  }
}
