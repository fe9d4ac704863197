import { Injectable } from '@nestjs/common';
import type { StoredConnection } from '../../identity/privileged.js';
import { RegainConfig } from '../../config/index.js';
import type { Account } from './protocol/social-provider.js';
import { TokenSeal } from './token-seal.js';

/** Builds a connection from an account, with the provider's tokens if they are to be stored. */
@Injectable()
export class KeptTokens {
  readonly enabled: boolean;

  constructor(
    { social }: RegainConfig,
    private readonly seal: TokenSeal,
  ) {
    this.enabled = social.keep_tokens;
  }

  connection(identityId: string, { provider, subject, tokens }: Account): StoredConnection {
    if (!this.enabled) return { provider, subject };
    return { provider, subject, tokens: this.seal.seal([identityId, provider, subject], tokens) };
  }
}
