import { Inject, Injectable } from '@nestjs/common';
import { RegainConfig, SelfServiceConfig } from '../config/index.js';
import { isUuid, MethodDisabled } from '../platform/flow/index.js';
import { CurrentRequest } from '../platform/http/index.js';
import { VETOES, type Vetoes } from '../platform/vetoes/index.js';
import type { DeliveryRequest } from './flow/delivery.js';
import { idempotentCall } from './flow/idempotency.js';
import type { GrantKind } from './hot/create-grant.js';
import { NobodyGetsIt, OfNoUse, OnlyDelivery } from './recovery.errors.js';
import { ChooseDelivery } from './steps/choose-delivery.js';
import { JudgeConsequences } from './steps/judge-consequences.js';
import { FindEarlierCall } from './steps/find-earlier-call.js';
import { FindObstacles } from './steps/find-obstacles.js';
import { type CodeRequest, IssueCode, type IssuedCode } from './steps/issue-code.js';
import { type IssuedLink, IssueLink, type LinkRequest } from './steps/issue-link.js';

/** How a link or code reaches the person, and whether the caller sees it. */
export interface Handover {
  deliver?: DeliveryRequest | undefined;
  /** absent: the answer contains it, unless the access token may only deliver */
  returnSecret?: boolean | undefined;
  /** older credentials stop working when the grant is issued */
  contain?: boolean | 'keep_mail' | undefined;
  /** credential types to remove once a credential is set after the redemption */
  reset?: readonly string[] | undefined;
  /** the header; repeating the same call gets the same answer */
  idempotencyKey?: string | undefined;
  /** refuses a link or code that the person could not use */
  strict?: boolean | undefined;
}

export interface Issued<Secret> {
  issued: Secret;
  /** the answer contains the secret */
  shown: boolean;
  /** created by an earlier call */
  repeated: boolean;
  /** why the person could not use it */
  warnings: readonly string[];
}

/** Creates links and codes for administrators, who hand them to the person, have them mailed, or both. */
@Injectable()
export class RecoveryIssuing {
  constructor(
    private readonly makeLink: IssueLink,
    private readonly makeCode: IssueCode,
    private readonly chooseDelivery: ChooseDelivery,
    private readonly findEarlierCall: FindEarlierCall,
    private readonly findObstacles: FindObstacles,
    private readonly consequences: JudgeConsequences,
    private readonly current: CurrentRequest,
    private readonly selfservice: SelfServiceConfig,
    private readonly regain: RegainConfig,
    @Inject(VETOES) private readonly vetoes: Vetoes,
  ) {}

  /** @throws MethodDisabled, OnlyDelivery, NobodyGetsIt, IdempotencyKeyReused, OfNoUse, and the errors of the steps */
  async issueLink(request: LinkRequest, handover: Handover = {}): Promise<Issued<IssuedLink>> {
    this.#allowed('link');
    const shown = this.#shown(handover);
    const { identityId, expiresIn, returnTo } = request;
    const call = this.#call(['link', identityId, expiresIn, returnTo], handover);
    const warnings = await this.#obstacles(identityId, handover);
    const earlier = call && (await this.findEarlierCall.run(call));
    if (call && earlier) return { issued: this.makeLink.again(call, earlier), shown, repeated: true, warnings };
    const consequences = this.consequences.of(handover);
    await this.#ask('link', identityId, handover);
    const delivery = await this.#delivery('link', identityId, handover, shown);
    return {
      issued: await this.makeLink.run(request, delivery, call, consequences),
      shown,
      repeated: false,
      warnings,
    };
  }

  /** @throws as `link` */
  async issueCode(request: CodeRequest, handover: Handover = {}): Promise<Issued<IssuedCode>> {
    this.#allowed('code');
    const shown = this.#shown(handover);
    const { identityId, expiresIn, flowType, returnTo } = request;
    const call = this.#call(['code', identityId, expiresIn, flowType, ...(returnTo ? [returnTo] : [])], handover);
    const warnings = await this.#obstacles(identityId, handover);
    const earlier = call && (await this.findEarlierCall.run(call));
    if (call && earlier) return { issued: this.makeCode.again(call, earlier), shown, repeated: true, warnings };
    const consequences = this.consequences.of(handover);
    await this.#ask('code', identityId, handover);
    const delivery = await this.#delivery('code', identityId, handover, shown);
    return {
      issued: await this.makeCode.run(request, delivery, call, consequences),
      shown,
      repeated: false,
      warnings,
    };
  }

  /** @throws Vetoed, Unavailable */
  async #ask(kind: GrantKind, identityId: string | undefined, { deliver }: Handover): Promise<void> {
    if (identityId === undefined || !isUuid(identityId)) return; // an unknown identity is left to the step
    const intent = { action: `recovery.${kind}.created`, identityId, kind, deliver: deliver !== undefined };
    await this.vetoes.ask('beforeIssue', intent);
  }

  #allowed(kind: GrantKind): void {
    const { flows, methods } = this.selfservice;
    const off = [
      ...(flows.recovery.enabled ? [] : ['selfservice.flows.recovery.enabled']),
      ...(methods[kind].enabled ? [] : [`selfservice.methods.${kind}.enabled`]),
    ];
    if (off.length > 0) throw new MethodDisabled(this.regain.admin.name_keys ? off : []);
  }

  #shown({ deliver, returnSecret }: Handover): boolean {
    if (!this.current.may('recovery:issue')) {
      if (!deliver || returnSecret === true) throw new OnlyDelivery();
      return false;
    }
    if (returnSecret === false && !deliver) throw new NobodyGetsIt();
    return returnSecret ?? true;
  }

  async #obstacles(identityId: string | undefined, { strict = false }: Handover): Promise<string[]> {
    const found = await this.findObstacles.run(identityId);
    if (strict && found.length > 0) throw new OfNoUse(found);
    return found;
  }

  #call(request: unknown[], { deliver, returnSecret, contain, reset, idempotencyKey }: Handover) {
    const how = deliver && [deliver.to, deliver.locale, deliver.template, deliver.reply_to];
    return idempotentCall(idempotencyKey, this.current.actor, [
      ...request,
      how,
      returnSecret,
      ...(contain || reset ? [contain, reset] : []),
    ]);
  }

  async #delivery(kind: GrantKind, identityId: string | undefined, { deliver }: Handover, shown: boolean) {
    return deliver && this.chooseDelivery.run(kind, identityId, deliver, !shown);
  }
}
