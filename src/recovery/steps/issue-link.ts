import { Inject, Injectable } from '@nestjs/common';
import { RegainConfig, SelfServiceConfig, Urls } from '../../config/index.js';
import { Outbox } from '../../courier/index.js';
import { CurrentRequest } from '../../platform/http/index.js';
import { digest, KEY_RING, type KeyRing } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { ReturnToService } from '../../self-service/index.js';
import { type Delivery, mailOf } from '../flow/delivery.js';
import { DerivedSecrets, type EarlierCall, type IdempotentCall, keyOf } from '../flow/idempotency.js';
import { lifetimeOf } from '../flow/lifetime.js';
import { LINK_TOKEN_LENGTH } from '../flow/link-parts.js';
import { linkRequestUrl } from '../flow/request-url.js';
import type { Consequences } from '../flow/consequences.js';
import { CreateGrant } from '../hot/create-grant.js';
import { ExpiresInPast, IdempotentCallRunning, IdentityUnknown } from '../recovery.errors.js';

export interface LinkRequest {
  identityId: string | undefined;
  /** a Go duration; absent: the configured lifespan */
  expiresIn?: string | undefined;
  returnTo?: string | undefined;
}

export interface IssuedLink {
  /** contains the only copy of the token */
  link: string;
  grantId: string;
  expiresAt: Date;
  /** id of the message to the person; null if there is none */
  messageId: string | null;
}

/** Creates a recovery link for an identity, to be handed over or mailed. */
@Injectable()
export class IssueLink {
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

  /** @throws IdentityUnknown, ExpiresInMalformed, ExpiresInPast, ExpiresInTooLong, ReturnToForbidden, IdempotentCallRunning */
  async run(
    request: LinkRequest,
    delivery?: Delivery,
    call?: IdempotentCall,
    consequences: Consequences = {},
  ): Promise<IssuedLink> {
    const lifetime = this.#lifetime(request.expiresIn);
    const target = this.returnTo.given(request.returnTo);
    if (request.identityId === undefined) throw new IdentityUnknown();
    const flowId = this.random.uuid();
    const derived = call && new DerivedSecrets(this.keys, call, flowId);
    const token = (derived ?? this.random).base62(LINK_TOKEN_LENGTH);
    const mail = delivery && mailOf(this.outbox, delivery, token, { minutes: lifetime / 60, flow: flowId });
    const created = await this.createGrant.run(
      {
        kind: 'link',
        identityId: request.identityId,
        flowId,
        flowType: 'browser',
        digest: digest(token),
        keyId: null,
        lifetime,
        requestUrl: linkRequestUrl(this.urls, flowId, target),
        returnTo: target ?? null,
        method: this.selfservice.flows.recovery.use,
        mail,
        ...consequences,
        key: call && derived && keyOf(call, derived),
      },
      this.current,
    );
    if (created.kind === 'unknown') throw new IdentityUnknown();
    if (created.kind === 'running') throw new IdempotentCallRunning();
    const { grantId, expiresAt } = created;
    return { link: this.urls.recoveryLink(flowId, token), grantId, expiresAt, messageId: mail?.message.id ?? null };
  }

  /**
   * Repeats the answer of an earlier call.
   * @throws IdempotencyKeyRotated
   */
  again(call: IdempotentCall, { keyId, flowId, grantId, expiresAt, messageId }: EarlierCall): IssuedLink {
    const token = new DerivedSecrets(this.keys, call, flowId, keyId).base62(LINK_TOKEN_LENGTH);
    return { link: this.urls.recoveryLink(flowId, token), grantId, expiresAt, messageId };
  }

  #lifetime(expiresIn: string | undefined): number {
    const limits = {
      usual: this.selfservice.methods.link.config.lifespan,
      cap: this.regain.recovery.max_expires_in,
    };
    return lifetimeOf(expiresIn, limits, (text) => new ExpiresInPast(text));
  }
}
