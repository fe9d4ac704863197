import { Injectable } from '@nestjs/common';
import { RegainConfig, SelfServiceConfig, Urls } from '../../config/index.js';
import { Duration, DurationError } from '../../platform/duration/index.js';
import { CurrentRequest } from '../../platform/http/index.js';
import { digest } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { ReturnToService } from '../../self-service/index.js';
import { linkRequestUrl } from '../flow/request-url.js';
import { CreateLink } from '../hot/create-link.js';
import { ExpiresInMalformed, ExpiresInPast, ExpiresInTooLong, IdentityUnknown } from '../recovery.errors.js';

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
    private readonly createLink: CreateLink,
    private readonly random: Random,
    private readonly urls: Urls,
    private readonly returnTo: ReturnToService,
    private readonly current: CurrentRequest,
    private readonly selfservice: SelfServiceConfig,
    private readonly regain: RegainConfig,
  ) {}

  async run({ identityId, expiresIn, returnTo }: LinkRequest): Promise<IssuedLink> {
    const lifetime = this.#lifetime(expiresIn);
    const target = this.returnTo.check(returnTo);
    const flowId = this.random.uuid();
    const token = this.random.base62(TOKEN_LENGTH);
    const created =
      identityId &&
      (await this.createLink.run(
        {
          identityId,
          flowId,
          digest: digest(token),
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

  /** Seconds. */
  #lifetime(text: string | undefined): number {
    if (text === undefined) return this.selfservice.methods.link.config.lifespan.seconds;
    const duration = parse(text);
    if (!duration.isPositive) throw new ExpiresInPast(text);
    const cap = this.regain.recovery.max_expires_in;
    if (cap !== null && duration.nanoseconds > cap.nanoseconds) throw new ExpiresInTooLong(cap.toString());
    return duration.seconds;
  }
}

function parse(text: string): Duration {
  try {
    return Duration.parse(text);
  } catch (error) {
    if (error instanceof DurationError) throw new ExpiresInMalformed(text);
    throw error;
  }
}
