import { Injectable } from '@nestjs/common';
import { SelfServiceConfig } from '../../config/index.js';
import { Connections, HandOvers } from '../../identity/privileged.js';
import { MethodDisabled } from '../../platform/flow/index.js';
import { type Caller, type FormFields, formText } from '../../platform/http/index.js';
import { anotherSession, cannotLink } from '../social/social.messages.js';
import { SocialService } from '../social/social.service.js';
import type { SettingsArrival, SocialDeparture } from '../social/social.view.js';
import type { Submission } from './flow/change-by-owner.js';
import { accountRefused, accountTrouble } from './flow/refusals.js';
import type { Refusal } from './flow/settings-flow.view.js';
import { ConnectAccount } from './steps/connect-account.js';
import { DisconnectAccount } from './steps/disconnect-account.js';

export type AccountStep = SocialDeparture | { kind: 'refusal'; refusal: Refusal } | { kind: 'saved' };

/** Request to connect or disconnect a provider account. */
type AccountWish = { readonly link: string } | { readonly unlink: string };

/** Connects and disconnects provider accounts, starting from and returning to the settings form. */
@Injectable()
export class SettingsAccounts {
  constructor(
    private readonly social: SocialService,
    private readonly selfservice: SelfServiceConfig,
    private readonly connections: Connections,
    private readonly handOvers: HandOvers,
    private readonly connectAccount: ConnectAccount,
    private readonly disconnectAccount: DisconnectAccount,
  ) {}

  /**
   * Undefined if the form requests neither, or if no provider is configured. Provider sign-in needs a browser.
   * @throws MethodDisabled
   */
  wishOf({ flow }: Submission, form: FormFields): AccountWish | undefined {
    const [link, unlink] = [formText(form, 'link'), formText(form, 'unlink')];
    if ((link || unlink) && !this.selfservice.methods.oidc.enabled) throw new MethodDisabled();
    if (!this.social.offered || flow.type !== 'browser') return undefined;
    if (link) return { link };
    return unlink ? { unlink } : undefined;
  }

  /** @throws ChangeRefused */
  async begin(submission: Submission, wish: AccountWish, form: FormFields, caller: Caller): Promise<AccountStep> {
    if ('unlink' in wish) return step(await this.disconnectAccount.run(submission, wish.unlink));
    const { flow, sessionId } = submission;
    if (!this.social.provider(wish.link) || !(await this.#mayConnect(submission, wish.link)))
      return step(accountRefused(flow, cannotLink()));
    const target = { kind: 'settings', flowId: flow.id, sessionId } as const;
    const departure = await this.social.depart(wish.link, target, form, caller);
    return departure.kind === 'to_provider' ? departure : step(accountTrouble(flow, departure.message));
  }

  /** During a hand-over, a connected provider may be used again, to prove who the person is. */
  async #mayConnect({ flow, sessionId }: Submission, wish: string): Promise<boolean> {
    const own = await this.connections.of(flow.identityId);
    if (!own.some(({ provider }) => provider === wish)) return true;
    return (await this.handOvers.open(flow.identityId))?.sessionId === sessionId;
  }

  /**
   * Handles the return from a provider.
   * @throws ChangeRefused
   */
  async finish(submission: Submission, arrival: SettingsArrival): Promise<AccountStep> {
    const { flow, sessionId } = submission;
    if (arrival.target.sessionId !== sessionId) return step(accountTrouble(flow, anotherSession()));
    if ('message' in arrival) return step(accountTrouble(flow, arrival.message));
    return step(await this.connectAccount.run(submission, arrival.account));
  }
}

const step = (refusal: Refusal | undefined): AccountStep =>
  refusal === undefined ? { kind: 'saved' } : { kind: 'refusal', refusal };
