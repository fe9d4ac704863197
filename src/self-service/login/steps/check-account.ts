import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../../../config/index.js';
import { Connections } from '../../../identity/privileged.js';
import type { StoredMessage } from '../../../platform/flow/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import { SECOND_FACTOR_UNCHECKED } from '../../../session/index.js';
import type { Account } from '../../social/protocol/social-provider.js';
import { accountUnknown } from '../../social/social.messages.js';
import { SocialService } from '../../social/social.service.js';
import type { LoginArrival } from '../../social/social.view.js';

export type AccountCheck =
  | { kind: 'trouble'; message: StoredMessage }
  | { kind: 'refused'; message: StoredMessage; identityId: string | undefined; provider: string }
  | { kind: 'right'; identityId: string; accessEpoch: number; provider: string; account: Account };

/** Finds the identity that has connected an account: by provider and subject, never by an address from the provider. */
@Injectable()
export class CheckAccount {
  constructor(
    private readonly connections: Connections,
    private readonly social: SocialService,
    private readonly regain: RegainConfig,
  ) {}

  /** @param owner the only identity that may sign in, if the flow confirms a session */
  async run(arrival: LoginArrival, owner: string | null): Promise<AccountCheck> {
    if ('message' in arrival) return { kind: 'trouble', message: arrival.message };
    const { provider, subject } = arrival.account;
    const known = await this.connections.ownerOf(provider, subject, arrival.since);
    if (!known || (owner !== null && owner !== known.identityId)) {
      const label = this.social.provider(provider)?.label ?? provider;
      return { kind: 'refused', message: accountUnknown(label), identityId: undefined, provider };
    }
    const { identityId, accessEpoch } = known;
    if (known.state !== 'active')
      return { kind: 'refused', message: { id: MessageId.AccountDisabled }, identityId, provider };
    if (known.availableAal !== 'aal1' && this.regain.recovery.second_factor === 'refuse')
      return {
        kind: 'refused',
        message: { id: MessageId.Generic, context: { reason: SECOND_FACTOR_UNCHECKED } },
        identityId,
        provider,
      };
    return { kind: 'right', identityId, accessEpoch, provider, account: arrival.account };
  }
}
