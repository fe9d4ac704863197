import { Inject, Injectable } from '@nestjs/common';
import { RegainConfig, SelfServiceConfig, Urls } from '../../config/index.js';
import { Outbox } from '../../courier/index.js';
import type { FlowType } from '../../platform/flow/index.js';
import { CurrentRequest } from '../../platform/http/index.js';
import { KEY_RING, type KeyRing } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { ReturnToService } from '../../self-service/index.js';
import { CODE_LENGTH } from '../flow/code.js';
import { type Delivery, mailOf } from '../flow/delivery.js';
import { DerivedSecrets, type EarlierCall, type IdempotentCall, keyOf } from '../flow/idempotency.js';
import { lifetimeOf } from '../flow/lifetime.js';
import type { Consequences } from '../flow/consequences.js';
import { CreateGrant } from '../hot/create-grant.js';
import { CodeExpiresInPast, CodeIdentityUnknown, FlowTypeUnknown, IdempotentCallRunning } from '../recovery.errors.js';

export interface CodeRequest {
  identityId: string | undefined;
  /** a Go duration; absent: the configured lifespan */
  expiresIn?: string | undefined;
  /** default: `browser` */
  flowType?: string | undefined;
  returnTo?: string | undefined;
}

export interface IssuedCode {
  /** the page to enter the code on; contains no secret */
  link: string;
  /** the only copy of the code */
  code: string;
  grantId: string;
  expiresAt: Date;
  /** id of the message to the person; null if there is none */
  messageId: string | null;
}

/** Creates a recovery code for an identity, to be handed over or mailed. */
@Injectable()
export class IssueCode {
  constructor(
    private readonly createGrant: CreateGrant,
    private readonly outbox: Outbox,
    private readonly random: Random,
    private readonly urls: Urls,
    private readonly returnTo: ReturnToService,
    private readonly current: CurrentRequest,
    private readonly selfservice: SelfServiceConfig,
    private readonly regain: RegainConfig,
    @Inject(KEY_RING) private readonly keys: KeyRing,
  ) {}

  /** @throws CodeIdentityUnknown, ExpiresInMalformed, CodeExpiresInPast, ExpiresInTooLong, FlowTypeUnknown, ReturnToForbidden, IdempotentCallRunning */
  async run(
    request: CodeRequest,
    delivery?: Delivery,
    call?: IdempotentCall,
    consequences: Consequences = {},
  ): Promise<IssuedCode> {
    const lifetime = this.#lifetime(request.expiresIn);
    const { identityId, flowType = 'browser' } = request;
    const returnTo = this.returnTo.given(request.returnTo);
    if (!isFlowType(flowType)) throw new FlowTypeUnknown(flowType);
    if (identityId === undefined) throw new CodeIdentityUnknown();
    const flowId = this.random.uuid();
    const derived = call && new DerivedSecrets(this.keys, call, flowId);
    const code = (derived ?? this.random).digits(CODE_LENGTH);
    const { mac, keyId } = this.keys.mac('code', flowId, code);
    const mail = delivery && mailOf(this.outbox, delivery, code, { minutes: lifetime / 60, page: this.#page(flowId) });
    const created = await this.createGrant.run(
      {
        kind: 'code',
        identityId,
        flowId,
        flowType,
        digest: mac,
        keyId,
        lifetime,
        requestUrl: this.urls.admin(
          '/admin/recovery/code',
          returnTo === undefined ? undefined : { return_to: returnTo },
        ),
        returnTo: returnTo ?? null,
        method: 'code',
        mail,
        ...consequences,
        key: call && derived && keyOf(call, derived),
      },
      this.current,
    );
    if (created.kind === 'unknown') throw new CodeIdentityUnknown();
    if (created.kind === 'running') throw new IdempotentCallRunning();
    const { grantId, expiresAt } = created;
    return { link: this.#page(flowId), code, grantId, expiresAt, messageId: mail?.message.id ?? null };
  }

  /**
   * Repeats the answer of an earlier call.
   * @throws IdempotencyKeyRotated
   */
  again(call: IdempotentCall, { keyId, flowId, grantId, expiresAt, messageId }: EarlierCall): IssuedCode {
    const code = new DerivedSecrets(this.keys, call, flowId, keyId).digits(CODE_LENGTH);
    return { link: this.#page(flowId), code, grantId, expiresAt, messageId };
  }

  #page(flowId: string): string {
    return this.urls.ui('recovery', { flow: flowId });
  }

  #lifetime(expiresIn: string | undefined): number {
    const limits = {
      usual: this.selfservice.methods.code.config.lifespan,
      cap: this.regain.recovery.max_expires_in,
    };
    return lifetimeOf(expiresIn, limits, (_, duration) => new CodeExpiresInPast(duration.toString()));
  }
}

const isFlowType = (text: string): text is FlowType => text === 'browser' || text === 'api';
