import { Injectable } from '@nestjs/common';
import { AuditService } from '../../../audit/index.js';
import { Connections, TellOwner } from '../../../identity/privileged.js';
import { Database } from '../../../platform/database/index.js';
import { cannotUnlink, lastWayIn } from '../../social/social.messages.js';
import { ChangeByOwner, type Submission } from '../flow/change-by-owner.js';
import { accountRefused } from '../flow/refusals.js';
import type { Refusal } from '../flow/settings-flow.view.js';
import { MarkOidc } from '../flow/mark-oidc.js';

/** Thrown within the transaction, so that the form doesn't claim that something was saved. */
class Stays extends Error {
  constructor(readonly why: 'unknown' | 'last') {
    super(why);
  }
}

/** Disconnects a provider from the flow's identity, unless no other way to sign in would be left. */
@Injectable()
export class DisconnectAccount {
  constructor(
    private readonly db: Database,
    private readonly change: ChangeByOwner,
    private readonly connections: Connections,
    private readonly form: MarkOidc,
    private readonly audit: AuditService,
    private readonly tellOwner: TellOwner,
  ) {}

  /**
   * Why the form is refused, or undefined once the account is disconnected.
   * @throws ChangeRefused
   */
  async run(submission: Submission, provider: string): Promise<Refusal | undefined> {
    try {
      await this.#write(submission, provider);
      return undefined;
    } catch (error) {
      if (!(error instanceof Stays)) throw error;
      return accountRefused(submission.flow, error.why === 'last' ? lastWayIn() : cannotUnlink());
    }
  }

  async #write(submission: Submission, provider: string): Promise<void> {
    const { id, identityId } = submission.flow;
    await this.db.transaction(async (em) => {
      await this.change.begin(em, submission, 'way_in');
      const fate = await this.connections.disconnect(em, identityId, { provider });
      if (fate !== 'gone') throw new Stays(fate);
      await this.tellOwner.run(em, identityId, { type: 'social_disconnected', provider });
      await this.audit.record(em, {
        action: 'credentials.oidc.disconnected',
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
