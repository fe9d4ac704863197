import { Inject, Injectable } from '@nestjs/common';
import { Urls } from '../../config/index.js';
import { type Caller, CSRF, type Csrf, CurrentRequest } from '../../platform/http/index.js';
import { digest } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { newSessionToken, SessionService } from '../../session/index.js';
import { VETOES, type Vetoes } from '../../platform/vetoes/index.js';
import { FindRedeemable } from '../hot/find-redeemable.js';
import { RedeemLinkStatement } from '../hot/redeem-link.js';
import type { LinkParts } from '../flow/link-parts.js';
import { linkRequestUrl } from '../flow/request-url.js';
import { TraceRefusal } from '../trace-refusal.js';

interface Redeemed {
  settingsFlowId: string;
  /** `Set-Cookie` lines of the new session and the new CSRF seed */
  cookies: string[];
}

/** Exchanges an unused link for a privileged session, once. */
@Injectable()
export class RedeemLink {
  constructor(
    private readonly statement: RedeemLinkStatement,
    private readonly sessions: SessionService,
    private readonly trace: TraceRefusal,
    private readonly current: CurrentRequest,
    private readonly random: Random,
    private readonly urls: Urls,
    private readonly redeemable: FindRedeemable,
    @Inject(CSRF) private readonly csrf: Csrf,
    @Inject(VETOES) private readonly vetoes: Vetoes,
  ) {}

  /**
   * Undefined, whatever is wrong with the link.
   * @param nonce of the confirmation, or null if none is required
   */
  async run(caller: Caller, link: LinkParts, nonce: string | null): Promise<Redeemed | undefined> {
    await this.#ask(link);
    const sessionToken = newSessionToken(this.random);
    const previous = this.sessions.tokenOf(caller);
    const seed = this.csrf.renew();
    const redeemed = await this.statement.run(
      {
        flowId: link.flow,
        tokenDigest: digest(link.token),
        sessionTokenDigest: digest(sessionToken),
        csrfDigest: seed.digest,
        nonceDigest: nonce === null ? null : digest(nonce),
        previousTokenDigest: previous === undefined ? null : digest(previous),
        requestUrl: linkRequestUrl(this.urls, link.flow),
      },
      this.current,
    );
    if (!redeemed) {
      await this.trace.run('recovery.link.redeemed', link.flow, digest(link.token));
      return undefined;
    }
    return { settingsFlowId: redeemed.settingsFlowId, cookies: [seed.cookie, this.sessions.cookie(sessionToken)] };
  }

  /**
   * Only for valid links; the statement refuses invalid ones as it does without extensions.
   * @throws Vetoed, Unavailable
   */
  async #ask(link: LinkParts): Promise<void> {
    if (!this.vetoes.listens('beforeRedeem')) return;
    const found = await this.redeemable.link(link.flow, digest(link.token));
    if (found) await this.vetoes.ask('beforeRedeem', { action: 'recovery.link.redeemed', kind: 'link', ...found });
  }
}
