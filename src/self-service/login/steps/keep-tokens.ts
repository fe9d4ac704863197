import { Injectable } from '@nestjs/common';
import { Connections } from '../../../identity/privileged.js';
import { Database } from '../../../platform/database/index.js';
import { KeptTokens } from '../../social/kept-tokens.js';
import type { Account } from '../../social/protocol/social-provider.js';

/** Stores the provider's newest tokens once the account has opened a session. */
@Injectable()
export class KeepTokens {
  constructor(
    private readonly connections: Connections,
    private readonly tokens: KeptTokens,
    private readonly db: Database,
  ) {}

  async run({ identityId, account }: { identityId: string; account: Account }): Promise<void> {
    if (!this.tokens.enabled) return;
    await this.db.transaction((em) =>
      this.connections.replace(em, identityId, this.tokens.connection(identityId, account)),
    );
  }
}
