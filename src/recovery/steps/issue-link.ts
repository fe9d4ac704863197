import { Injectable } from '@nestjs/common';
import { RegainConfig, SelfServiceConfig, Urls } from '../../config/index.js';
import { CurrentRequest } from '../../platform/http/index.js';
import { digest } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { ReturnToService } from '../../self-service/index.js';
import { lifetimeOf } from '../flow/lifetime.js';
import { linkRequestUrl } from '../flow/request-url.js';
import { CreateGrant } from '../hot/create-grant.js';
import { ExpiresInPast, IdentityUnknown } from '../recovery.errors.js';

/** 32 characters of base62: 190 bits. */
const TOKEN_LENGTH = 32;

export interface LinkRequest {
  identityId: string | undefined;
  /** a Go duration; absent: the configured lifespan */
  expiresIn?: string | undefined;
  returnTo?: string | undefined;
}

export interface IssuedLink {
  /** holds the only copy of the token */
  link: string;
  grantId: string;
  expiresAt: Date;
}

/** Creates a recovery link for an identity. */
@Injectable()
export class IssueLink {
  constructor(
    private readonly createGrant: CreateGrant,
    private readonly random: Random,
    private readonly urls: Urls,
    private readonly returnTo: ReturnToService,
    private readonly current: CurrentRequest,
    private readonly selfservice: SelfServiceConfig,
    private readonly regain: RegainConfig,
  ) {}

  async run({ identityId, expiresIn, returnTo }: LinkRequest): Promise<IssuedLink> {
    const limits = {
      usual: this.selfservice.methods.link.config.lifespan,
      cap: this.regain.recovery.max_expires_in,
    };
    const lifetime = lifetimeOf(expiresIn, limits, (text) => new ExpiresInPast(text));
    const target = this.returnTo.check(returnTo);
    const flowId = this.random.uuid();
    const token = this.random.base62(TOKEN_LENGTH);
    const created =
      identityId &&
      (await this.createGrant.run(
        {
          kind: 'link',
          identityId,
          flowId,
          flowType: 'browser',
          digest: digest(token),
          keyId: null,
          lifetime,
          requestUrl: linkRequestUrl(this.urls, flowId, target),
          returnTo: target ?? null,
          method: this.selfservice.flows.recovery.use,
        },
        this.current,
      ));
    if (!created) throw new IdentityUnknown();
    return { link: this.urls.recoveryLink(flowId, token), ...created };
  }
}
