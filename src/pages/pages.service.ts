import { Inject, Injectable } from '@nestjs/common';
import { CourierConfig, RegainConfig, SelfServiceConfig, Urls } from '../config/index.js';
import { IdentityService } from '../identity/index.js';
import { Clock } from '../platform/clock/index.js';
import { type Caller, Answer, CSRF, type Csrf } from '../platform/http/index.js';
import { csrfNode } from '../platform/ui/index.js';
import { presentRecoveryFlow, RecoveryFollowing, RecoveryForms, RecoveryLinkIncomplete } from '../recovery/index.js';
import { ErrorsService, LoginService, LogoutService, SettingsService, SocialProviders } from '../self-service/index.js';
import { SessionService, type SessionView } from '../session/index.js';
import { PageAnswers } from './page-answers.js';
import { accountName, firstName } from './person.js';
import { ConfirmPage } from './views/confirm.js';
import { LoginPage } from './views/login.js';
import { RecoveryPage } from './views/recovery.js';
import { SettingsPage } from './views/settings.js';
import { UndoPage, UndonePage } from './views/undo.js';
import { WelcomePage } from './views/welcome.js';
import type { FlowBody } from './wire.js';
import { minutesUntil } from './words.js';

/** Calls the services like any client would, and renders the result as a page. */
@Injectable()
export class PagesService {
  constructor(
    private readonly answers: PageAnswers,
    private readonly recoveries: RecoveryForms,
    private readonly links: RecoveryFollowing,
    private readonly settingsFlows: SettingsService,
    private readonly logins: LoginService,
    private readonly logouts: LogoutService,
    private readonly errors: ErrorsService,
    private readonly providers: SocialProviders,
    private readonly sessions: SessionService,
    private readonly identities: IdentityService,
    private readonly selfservice: SelfServiceConfig,
    private readonly courier: CourierConfig,
    private readonly regain: RegainConfig,
    private readonly urls: Urls,
    private readonly clock: Clock,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  /**
   * The page before a link is redeemed. It reads nothing about the link, so it is the same for valid and invalid ones.
   */
  async confirm(caller: Caller, flow: string | undefined, token: string | undefined): Promise<Answer> {
    if (flow === undefined || token === undefined) throw new RecoveryLinkIncomplete();
    const session = await this.sessions.resolve(caller);
    const { proof, cookie } = this.links.beginConfirmation(caller, { flow, token });
    const signedInAs = session && accountName(session.identity);
    const action = this.urls.public('/self-service/recovery');
    const page = ConfirmPage({ site: this.answers.site, action, flow, token, proof, signedInAs });
    return this.answers.page(page).withCookies(cookie);
  }

  /**
   * The page before a change of addresses is undone. It is the same for valid and invalid links; only its button has an
   * effect.
   */
  undo(token: string | undefined): Answer {
    if (token === undefined) throw new RecoveryLinkIncomplete();
    const action = this.urls.public('/ui/undo');
    return this.answers.page(UndoPage({ site: this.answers.site, action, token }));
  }

  /** @throws AddressUndoRefused, whether the link is wrong, used or expired */
  async undoNow(token = ''): Promise<Answer> {
    await this.identities.undoAddressChange(token);
    return Answer.seeOther(this.urls.public('/ui/undone'));
  }

  undone(): Answer {
    return this.answers.page(UndonePage({ site: this.answers.site }));
  }

  async recovery(caller: Caller, flowId: string): Promise<Answer> {
    const shown = await this.recoveries.show(flowId, caller);
    const cookie = this.csrf.ensure(caller);
    const flow = withProof(presentRecoveryFlow(shown.flow, shown.csrfToken, this.urls), this.csrf.formToken(caller));
    const signInUrl = this.urls.public('/self-service/login/browser');
    const page = RecoveryPage({ site: this.answers.site, flow, mail: this.#mail(), signInUrl });
    return this.answers.page(page, { returnTo: flow.return_to }).withCookies(cookie);
  }

  async settings(caller: Caller, flowId: string): Promise<Answer> {
    const flow: FlowBody = await this.settingsFlows.show(flowId, caller);
    const session = await this.sessions.require(caller);
    const page = SettingsPage({
      site: this.answers.site,
      flow,
      account: accountName(session.identity),
      privileged: session.privileged,
      recovered: onlyRecovered(session),
      minutesLeft: this.#minutesLeft(session),
      passwordHint: `At least ${this.selfservice.methods.password.config.min_password_length} characters. A few unrelated words work well.`,
      handedOver: this.regain.recovery.hand_over && !session.identity.handOver,
      continueUrl: flow.return_to ?? this.urls.ui('welcome'),
      signInAgainUrl: this.#signInAgainUrl(flow.id),
      signOutUrl: await this.#signOutUrl(caller),
    });
    return this.answers.page(page, { returnTo: flow.return_to, providers: await this.providers.formTargets() });
  }

  async login(caller: Caller, flowId: string): Promise<Answer> {
    const flow: FlowBody = await this.logins.show(flowId, caller);
    const site = this.answers.site;
    const page = flow.refresh
      ? LoginPage({ site, flow, signOutUrl: await this.#signOutUrl(caller) })
      : LoginPage({ site, flow, recoveryUrl: this.#recoveryUrl() });
    return this.answers.page(page, { returnTo: flow.return_to, providers: await this.providers.formTargets() });
  }

  async error(caller: Caller, id: string | undefined): Promise<Answer> {
    if (id === undefined) return this.answers.error({ status: 404 }, caller.id);
    const { error, kind } = await this.errors.get(id);
    return this.answers.error({ status: error.code, id: error.id, kind }, id, 200);
  }

  async welcome(caller: Caller): Promise<Answer> {
    const session = await this.sessions.resolve(caller);
    const person = session && {
      account: accountName(session.identity),
      firstName: firstName(session.identity),
      mayChoosePassword: session.privileged && onlyRecovered(session),
      signOutUrl: await this.#signOutUrl(caller),
    };
    const page = WelcomePage({
      site: this.answers.site,
      settingsUrl: this.urls.public('/self-service/settings/browser'),
      signInUrl: this.urls.public('/self-service/login/browser'),
      person,
    });
    return this.answers.page(page);
  }

  /** Whether links and codes can be mailed. */
  #mail(): boolean {
    return this.courier.delivers;
  }

  /** Where people start a recovery; undefined if they can't. A signed-in person can't. */
  #recoveryUrl(): string | undefined {
    const possible = this.#mail() && this.selfservice.flows.recovery.enabled;
    return possible ? this.urls.public('/self-service/recovery/browser') : undefined;
  }

  /** Only shown to people; the session decides whether the time is over. */
  #minutesLeft({ authenticatedAt }: SessionView): number {
    const window = this.selfservice.flows.settings.privileged_session_max_age.milliseconds;
    return minutesUntil(new Date(authenticatedAt.getTime() + window), this.clock.now());
  }

  #signInAgainUrl(settingsFlow: string): string {
    const back = this.urls.public('/self-service/settings', { flow: settingsFlow });
    return this.urls.public('/self-service/login/browser', { refresh: 'true', return_to: back });
  }

  async #signOutUrl(caller: Caller): Promise<string> {
    return (await this.logouts.start(caller)).url;
  }
}

/** The person only used a recovery link or code to sign in, so there may be no password. */
function onlyRecovered({ methods }: SessionView): boolean {
  return methods.length > 0 && methods.every(({ method }) => method.endsWith('_recovery'));
}

/**
 * Regain's pages send no referrer, so browsers hide their origin. The token shows that a form bound to no browser, such
 * as that of an administrator's code, comes from this browser's own page.
 */
function withProof(flow: FlowBody, token: string): FlowBody {
  const { ui } = flow;
  if (ui.nodes.some(({ attributes }) => attributes.name === 'csrf_token')) return flow;
  return { ...flow, ui: { ...ui, nodes: [csrfNode(token), ...ui.nodes] } };
}
