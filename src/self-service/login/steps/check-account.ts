import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../../../config/index.js';
import { Connections } from '../../../identity/privileged.js';
import { Database } from '../../../platform/database/index.js';
import type { StoredMessage } from '../../../platform/flow/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import { SECOND_FACTOR_UNCHECKED } from '../../../session/index.js';
import { KeptTokens } from '../../social/kept-tokens.js';
import type { Account } from '../../social/protocol/social-provider.js';
import { accountUnknown } from '../../social/social.messages.js';
import { SocialService } from '../../social/social.service.js';
import type { LoginArrival } from '../../social/social.view.js';

export type AccountCheck =
  | { kind: 'trouble'; message: StoredMessage }
  | { kind: 'refused'; message: StoredMessage; identityId: string | undefined; provider: string }
  | { kind: 'right'; identityId: string; provider: string };

/** Finds out who has connected an account: by provider and subject, never by an address that a provider tells. */
@Injectable()
export class CheckAccount {
  constructor(
    private readonly connections: Connections,
    private readonly social: SocialService,
    private readonly tokens: KeptTokens,
    private readonly db: Database,
    private readonly regain: RegainConfig,
  ) {}

  /** @param owner the only identity that may sign in, where the flow confirms a session */
  async run(arrival: LoginArrival, owner: string | null): Promise<AccountCheck> {
    if ('message' in arrival) return { kind: 'trouble', message: arrival.message };
    const { provider, subject } = arrival.account;
    const known = await this.connections.ownerOf(provider, subject);
    if (!known || (owner !== null && owner !== known.identityId)) {
      const label = this.social.provider(provider)?.label ?? provider;
      return { kind: 'refused', message: accountUnknown(label), identityId: undefined, provider };
    }
    const { identityId } = known;
    if (known.state !== 'active')
      return { kind: 'refused', message: { id: MessageId.AccountDisabled }, identityId, provider };
    if (known.availableAal !== 'aal1' && this.regain.recovery.second_factor === 'refuse')
      return {
        kind: 'refused',
        message: { id: MessageId.Generic, context: { reason: SECOND_FACTOR_UNCHECKED } },
        identityId,
        provider,
      };
    if (this.tokens.enabled) await this.#keep(identityId, arrival.account);
    return { kind: 'right', identityId, provider };
  }

  /** The provider's newest tokens take the place of the older ones. */
  async #keep(identityId: string, account: Account): Promise<void> {
    await this.db.transaction((em) =>
      this.connections.replace(em, identityId, this.tokens.connection(identityId, account)),
    );
  }
}
