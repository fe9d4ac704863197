import { Injectable } from '@nestjs/common';
import { KeepSuspended } from '../../../identity/privileged.js';
import { Database } from '../../../platform/database/index.js';
import { ChangeByOwner, type Submission } from '../flow/change-by-owner.js';
import { methodUnknown } from '../flow/refusals.js';
import type { Refusal } from '../flow/settings-flow.view.js';

/** “Still yours?”: the person keeps a connected account or an address that a hand-over suspended. */
@Injectable()
export class KeepWay {
  constructor(
    private readonly db: Database,
    private readonly change: ChangeByOwner,
    private readonly keepSuspended: KeepSuspended,
  ) {}

  /**
   * Why the form is refused, or undefined once the way in is kept.
   * @throws ChangeRefused
   */
  async run(submission: Submission, wayId: string): Promise<Refusal | undefined> {
    const { flow } = submission;
    return this.db.transaction(async (em) => {
      await this.change.begin(em, submission, 'way_in');
      if (!(await this.keepSuspended.run(em, flow.identityId, wayId))) return methodUnknown(flow);
      await this.change.save(em, submission, { method: 'profile', needsPrivilege: true });
      return undefined;
    });
  }
}
