import { Inject, Injectable, Optional } from '@nestjs/common';
import { AuditService } from '../../../audit/index.js';
import { Connections, TellOwner } from '../../../identity/privileged.js';
import { Database } from '../../../platform/database/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import type { Account } from '../../social/protocol/social-provider.js';
import { cannotLink } from '../../social/social.messages.js';
import { KeptTokens } from '../../social/kept-tokens.js';
import { CREDENTIAL_CHANGED, type CredentialChangeListener } from '../credential-changed.js';
import { Change, type Submission } from '../flow/change.js';
import { accountRefused } from '../flow/refusals.js';
import type { Refusal } from '../flow/settings-flow.view.js';
import { FormIsOidc } from '../flow/form-is-oidc.js';

const CONNECTED = 'credentials.oidc.connected';

/** Thrown within the transaction, so that nothing of the connection stays. */
class NotConnected extends Error {
  constructor(readonly why: 'taken' | 'another is connected') {
    super(why);
  }
}

/** Connects an account of a provider to the flow's identity. */
@Injectable()
export class ConnectAccount {
  constructor(
    private readonly db: Database,
    private readonly change: Change,
    private readonly connections: Connections,
    private readonly tokens: KeptTokens,
    private readonly form: FormIsOidc,
    private readonly audit: AuditService,
    private readonly tellOwner: TellOwner,
    @Optional() @Inject(CREDENTIAL_CHANGED) private readonly listener?: CredentialChangeListener,
  ) {}

  /** Why the form is refused, or undefined when the account is connected. @throws ChangeRefused */
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
      await this.change.begin(em, submission);
      const own = await this.connections.of(identityId);
      if (own.some((each) => each.provider === provider)) throw new NotConnected('another is connected');
      const connection = this.tokens.connection(identityId, { provider, subject, tokens });
      if (!(await this.connections.connect(em, identityId, connection))) throw new NotConnected('taken');
      await this.tellOwner.run(em, identityId, { type: 'social_connected', provider });
      await this.listener?.credentialsChanged(em, identityId);
      await this.audit.record(em, {
        action: CONNECTED,
        outcome: 'success',
        targetType: 'identity',
        targetId: identityId,
        detail: { provider },
      });
      await this.form.markWithin(em, id);
      await this.change.save(em, submission, { method: 'oidc', needsPrivilege: true });
    });
  }
}
