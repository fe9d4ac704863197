import { Injectable } from '@nestjs/common';
import { SuspendedRemoval } from '../../../identity/privileged.js';
import { Database } from '../../../platform/database/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import { ChangeByOwner, type Submission } from '../flow/change-by-owner.js';
import { accountRefused, methodUnknown } from '../flow/refusals.js';
import type { Refusal } from '../flow/settings-flow.view.js';

/** “Still yours?”: the person removes a connected account or an address that a hand-over suspended. */
@Injectable()
export class RemoveWay {
  constructor(
    private readonly db: Database,
    private readonly change: ChangeByOwner,
    private readonly removeSuspended: SuspendedRemoval,
  ) {}

  /**
   * Why the form is refused, or undefined once the way in is removed.
   * @throws ChangeRefused
   */
  async run(submission: Submission, wayId: string): Promise<Refusal | undefined> {
    const { flow } = submission;
    return this.db.transaction(async (em) => {
      await this.change.begin(em, submission, 'way_in');
      switch (await this.removeSuspended.run(em, flow.identityId, wayId)) {
        case 'unknown':
          return methodUnknown(flow);
        case 'required':
          return accountRefused(flow, { id: MessageId.AddressRequired });
        case 'removed':
          await this.change.save(em, submission, { method: 'profile', needsPrivilege: true });
          return undefined;
      }
    });
  }
}
