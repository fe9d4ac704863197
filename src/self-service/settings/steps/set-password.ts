import { Injectable } from '@nestjs/common';
import { AuditService } from '../../../audit/index.js';
import { RegainConfig } from '../../../config/index.js';
import { Credentials, PasswordPolicy, Passwords, TellOwner } from '../../../identity/privileged.js';
import { Database } from '../../../platform/database/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import { ChangeByOwner, type Submission } from '../flow/change-by-owner.js';
import { identifierMissing, passwordRefused } from '../flow/refusals.js';
import type { Refusal, SettingsFlowView } from '../flow/settings-flow.view.js';

/** Sets or replaces the password of the flow's identity. */
@Injectable()
export class SetPassword {
  constructor(
    private readonly db: Database,
    private readonly change: ChangeByOwner,
    private readonly credentials: Credentials,
    private readonly passwords: Passwords,
    private readonly policy: PasswordPolicy,
    private readonly audit: AuditService,
    private readonly tellOwner: TellOwner,
    private readonly regain: RegainConfig,
  ) {}

  /**
   * Why the form is refused, or undefined once the password is set. Hashing is slow, so it runs before the transaction,
   * which checks the session again.
   * @throws ChangeRefused
   */
  async run(submission: Submission, password: string): Promise<Refusal | undefined> {
    const { flow } = submission;
    if (password === '')
      return passwordRefused(flow, { id: MessageId.PropertyMissing, context: { property: 'password' } });
    if (!(await this.credentials.hasPasswordIdentifier(flow.identityId))) return identifierMissing(flow);
    const broken = await this.policy.check(password, await this.credentials.identifiersOf(flow.identityId));
    if (broken) return passwordRefused(flow, broken);
    const old = await this.credentials.hashOf(flow.identityId);
    const equals = old !== undefined && (await this.passwords.verify(password, old, flow.identityId)) ? old : undefined;
    return this.#write(submission, equals ?? (await this.passwords.hash(password, flow.identityId)));
  }

  /** @param hash the account's current hash if the password is unchanged */
  async #write(submission: Submission, hash: string): Promise<Refusal | undefined> {
    const { flow } = submission;
    const { identityId } = flow;
    return this.db.transaction(async (em) => {
      const { handsOver } = await this.change.begin(em, submission, 'credential');
      const fresh = await this.credentials.setPassword(em, identityId, hash);
      if (!fresh && handsOver) return passwordRefused(flow, { id: MessageId.PasswordIsOld });
      if (!fresh && !this.#isRepeat(flow)) return passwordRefused(flow, { id: MessageId.PasswordUnchanged });
      await this.tellOwner.run(em, identityId, { type: 'password_changed', endsOlder: handsOver && fresh });
      await this.audit.record(em, {
        action: 'credentials.password.set',
        outcome: 'success',
        targetType: 'identity',
        targetId: identityId,
      });
      const credential = fresh ? ({ type: 'password' } as const) : undefined;
      await this.change.save(em, submission, { method: 'password', needsPrivilege: true, credential });
      return undefined;
    });
  }

  /** A form that is sent again after a lost answer is saved again; Kratos refuses it. */
  #isRepeat({ state }: SettingsFlowView): boolean {
    return state === 'success' && this.regain.recovery.hand_over;
  }
}
