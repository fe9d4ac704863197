import { Inject, Injectable } from '@nestjs/common';
import { SelfServiceConfig, Urls } from '../../config/index.js';
import { type Caller, CSRF, type Csrf, CurrentRequest } from '../../platform/http/index.js';
import { digest, KEY_RING, type KeyRing } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { newSessionToken, SessionService } from '../../session/index.js';
import { readAddress } from '../flow/address.js';
import { typedCode } from '../flow/code.js';
import { readLongCode } from '../flow/long-code.js';
import type { RecoveryFlowView } from '../flow/recovery-flow.view.js';
import { codeRequestUrl } from '../flow/request-url.js';
import { AdoptLongCode } from '../hot/adopt-long-code.js';
import { CountGuess } from '../hot/count-guess.js';
import { VETOES, type Vetoes } from '../../platform/vetoes/index.js';
import { FindRedeemable } from '../hot/find-redeemable.js';
import { RedeemCodeStatement } from '../hot/redeem-code.js';
import { TraceRefusal } from '../trace-refusal.js';

type CodeVerdict =
  | {
      kind: 'right';
      settingsFlowId: string;
      sessionToken: string;
      /** of the browser; absent for native clients */
      csrf?: { token: string; cookie: string };
    }
  | { kind: 'wrong' }
  | { kind: 'too_often' };

/** Exchanges an unused code for a privileged session, once. */
@Injectable()
export class RedeemCode {
  constructor(
    private readonly count: CountGuess,
    private readonly adopt: AdoptLongCode,
    private readonly statement: RedeemCodeStatement,
    private readonly sessions: SessionService,
    private readonly trace: TraceRefusal,
    private readonly current: CurrentRequest,
    private readonly random: Random,
    private readonly urls: Urls,
    private readonly selfservice: SelfServiceConfig,
    @Inject(KEY_RING) private readonly keys: KeyRing,
    @Inject(CSRF) private readonly csrf: Csrf,
    private readonly redeemable: FindRedeemable,
    @Inject(VETOES) private readonly vetoes: Vetoes,
  ) {}

  /**
   * Counts first, in a statement of its own, then compares. If the browser that redeemed the code a moment ago submits
   * it again, this works even if no guess is left.
   * @param mayGuess called in between for short codes; false counts as a wrong code
   */
  async run(
    caller: Caller,
    flow: RecoveryFlowView,
    code: string,
    mayGuess: () => Promise<boolean>,
  ): Promise<CodeVerdict> {
    const counted = await this.count.run(flow.id, this.selfservice.methods.code.config.max_submissions);
    const long = this.#long(flow, code);
    if (counted && long) await this.adopt.run(flow.id, long.macs, long.address);
    const compares = counted && (long !== undefined || (await mayGuess()));
    const digests = long?.macs ?? this.keys.macs('code', flow.id, typedCode(code)).map(({ mac }) => mac);
    if (compares) await this.#ask(flow.id, digests);
    const sessionToken = newSessionToken(this.random);
    const previous = this.sessions.tokenOf(caller);
    const brought = flow.type === 'browser' ? this.csrf.seed(caller) : undefined;
    const seed = flow.type === 'browser' ? this.csrf.renew() : undefined;
    const redeemed = await this.statement[compares ? 'run' : 'again'](
      {
        flowId: flow.id,
        digests,
        sessionTokenDigest: digest(sessionToken),
        csrfDigest: seed?.digest ?? null,
        nonceDigest: brought === undefined ? null : digest(brought),
        previousTokenDigest: previous === undefined ? null : digest(previous),
        requestUrl: codeRequestUrl(this.urls, flow.id),
      },
      this.current,
    );
    if (!redeemed) return this.#refused(flow, counted ? 'wrong' : 'too_often');
    const csrf = seed && { token: this.csrf.token(seed.seed), cookie: seed.cookie };
    return { kind: 'right', ...redeemed, sessionToken, ...(csrf ? { csrf } : {}) };
  }

  /** Whether the browser with that seed redeemed a code of the flow within the last minute. */
  wasJustRedeemedBy(flowId: string, seedDigest: Buffer): Promise<boolean> {
    return this.statement.wasRedeemedBy(flowId, seedDigest);
  }

  /** Lookup keys of a long code, and the address that it must have been mailed to; undefined for a short one. */
  #long(flow: RecoveryFlowView, code: string): { macs: Buffer[]; address: string } | undefined {
    const typed = readLongCode(code);
    const address = flow.email === null ? undefined : readAddress(flow.email)?.normalized;
    if (typed === undefined || address === undefined) return undefined;
    return { macs: this.keys.macs('code', 'address', address, typed).map(({ mac }) => mac), address };
  }

  /**
   * Only for correct codes, after the guess was counted.
   * @throws Vetoed, Unavailable
   */
  async #ask(flowId: string, digests: readonly Buffer[]): Promise<void> {
    if (!this.vetoes.listens('beforeRedeem')) return;
    const found = await this.redeemable.code(flowId, digests);
    if (found) await this.vetoes.ask('beforeRedeem', { action: 'recovery.code.redeemed', kind: 'code', ...found });
  }

  async #refused(flow: RecoveryFlowView, kind: 'wrong' | 'too_often'): Promise<CodeVerdict> {
    await this.trace.run('recovery.code.redeemed', flow.id, null);
    return { kind };
  }
}
