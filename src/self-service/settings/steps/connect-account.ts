import { Injectable } from '@nestjs/common';
import { AuditService } from '../../../audit/index.js';
import { Connections, identifierOf, TellOwner } from '../../../identity/privileged.js';
import { Database } from '../../../platform/database/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import type { Account } from '../../social/protocol/social-provider.js';
import { cannotLink } from '../../social/social.messages.js';
import { KeptTokens } from '../../social/kept-tokens.js';
import { ChangeByOwner, type Submission } from '../flow/change-by-owner.js';
import { accountRefused } from '../flow/refusals.js';
import type { Refusal } from '../flow/settings-flow.view.js';
import { MarkOidc } from '../flow/mark-oidc.js';

const CONNECTED = 'credentials.oidc.connected';

/** Thrown within the transaction to roll the connection back. */
class NotConnected extends Error {
  constructor(readonly why: 'taken' | 'another is connected') {
    super(why);
  }
}

/**
 * Connects a provider account to the flow's identity. During a hand-over, any account of that provider is accepted: one
 * that was connected before counts again, another one replaces it.
 */
@Injectable()
export class ConnectAccount {
  constructor(
    private readonly db: Database,
    private readonly change: ChangeByOwner,
    private readonly connections: Connections,
    private readonly tokens: KeptTokens,
    private readonly form: MarkOidc,
    private readonly audit: AuditService,
    private readonly tellOwner: TellOwner,
  ) {}

  /**
   * Why the form is refused, or undefined once the account is connected.
   * @throws ChangeRefused
   */
  async run(submission: Submission, account: Account): Promise<Refusal | undefined> {
    const { flow } = submission;
    try {
      await this.#write(submission, account);
      return undefined;
    } catch (error) {
      if (!(error instanceof NotConnected)) throw error;
      if (error.why === 'another is connected') return accountRefused(flow, cannotLink());
      this.audit.refused(CONNECTED, 'identity', flow.identityId, { provider: account.provider });
      await this.form.mark(flow.id);
      return accountRefused(flow, { id: MessageId.DuplicateIdentifier });
    }
  }

  async #write(submission: Submission, { provider, subject, tokens }: Account): Promise<void> {
    const { id, identityId } = submission.flow;
    await this.db.transaction(async (em) => {
      const { handsOver } = await this.change.begin(em, submission, 'credential');
      const connection = this.tokens.connection(identityId, { provider, subject, tokens });
      if (handsOver) await this.connections.remove(em, identityId, provider);
      else if (await this.#has(identityId, provider)) throw new NotConnected('another is connected');
      if (!(await this.connections.connect(em, identityId, connection))) throw new NotConnected('taken');
      await this.tellOwner.run(em, identityId, { type: 'social_connected', provider, endsOlder: handsOver });
      await this.audit.record(em, {
        action: CONNECTED,
        outcome: 'success',
        targetType: 'identity',
        targetId: identityId,
        detail: { provider },
      });
      await this.form.markWithin(em, id);
      const credential = { type: 'oidc', identifier: identifierOf(connection) } as const;
      await this.change.save(em, submission, { method: 'oidc', needsPrivilege: true, credential });
    });
  }

  async #has(identityId: string, provider: string): Promise<boolean> {
    return (await this.connections.of(identityId)).some((each) => each.provider === provider);
  }
}
