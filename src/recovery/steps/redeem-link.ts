import { Inject, Injectable } from '@nestjs/common';
import { Urls } from '../../config/index.js';
import { type Caller, CSRF, type Csrf, CurrentRequest } from '../../platform/http/index.js';
import { digest } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { newSessionToken, SessionService } from '../../session/index.js';
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
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  /**
   * Undefined, whatever is wrong with the link.
   * @param nonce of the confirmation, or null if none is required
   */
  async run(caller: Caller, link: LinkParts, nonce: string | null): Promise<Redeemed | undefined> {
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
}
