import { Inject, Injectable } from '@nestjs/common';
import { RegainConfig, SelfServiceConfig, Urls } from '../../config/index.js';
import type { FlowType } from '../../platform/flow/index.js';
import { CurrentRequest } from '../../platform/http/index.js';
import { KEY_RING, type KeyRing } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { CODE_LENGTH } from '../flow/code.js';
import { lifetimeOf } from '../flow/lifetime.js';
import { CreateGrant } from '../hot/create-grant.js';
import { CodeExpiresInPast, CodeIdentityUnknown, FlowTypeUnknown } from '../recovery.errors.js';

export interface CodeRequest {
  identityId: string | undefined;
  /** a Go duration; absent: the configured lifespan */
  expiresIn?: string | undefined;
  /** `browser` where absent */
  flowType?: string | undefined;
}

export interface IssuedCode {
  /** the page to enter the code on; holds no secret */
  link: string;
  /** the only copy of the code */
  code: string;
  grantId: string;
  expiresAt: Date;
}

/** Creates a recovery code for an identity. */
@Injectable()
export class IssueCode {
  constructor(
    private readonly createGrant: CreateGrant,
    private readonly random: Random,
    private readonly urls: Urls,
    private readonly current: CurrentRequest,
    private readonly selfservice: SelfServiceConfig,
    private readonly regain: RegainConfig,
    @Inject(KEY_RING) private readonly keys: KeyRing,
  ) {}

  async run({ identityId, expiresIn, flowType = 'browser' }: CodeRequest): Promise<IssuedCode> {
    const limits = {
      usual: this.selfservice.methods.code.config.lifespan,
      cap: this.regain.recovery.max_expires_in,
    };
    const lifetime = lifetimeOf(expiresIn, limits, (_, duration) => new CodeExpiresInPast(duration.toString()));
    if (!isFlowType(flowType)) throw new FlowTypeUnknown(flowType);
    const flowId = this.random.uuid();
    const code = this.random.digits(CODE_LENGTH);
    const { mac, keyId } = this.keys.mac('code', flowId, code);
    const created =
      identityId &&
      (await this.createGrant.run(
        {
          kind: 'code',
          identityId,
          flowId,
          flowType,
          digest: mac,
          keyId,
          lifetime,
          requestUrl: this.urls.admin('/admin/recovery/code'),
          returnTo: null,
          method: 'code',
        },
        this.current,
      ));
    if (!created) throw new CodeIdentityUnknown();
    return { link: this.urls.ui('recovery', { flow: flowId }), code, ...created };
  }
}

const isFlowType = (text: string): text is FlowType => text === 'browser' || text === 'api';
