import { Inject, Injectable, Optional } from '@nestjs/common';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import {
  IdentityService,
  IdentityTaken,
  type IdentityView,
  PrivilegedFieldChanged,
  TraitsInvalid,
} from '../../../identity/index.js';
import { Database } from '../../../platform/database/index.js';
import type { FormFields } from '../../../platform/http/index.js';
import { RATE_LIMITER, type RateLimiter } from '../../../platform/rate-limit/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import { CREDENTIAL_CHANGED, type CredentialChangeListener } from '../credential-changed.js';
import { ChangeByOwner, ChangeRefused, type Submission } from '../flow/change-by-owner.js';
import { profileRefused } from '../flow/refusals.js';
import type { Refusal } from '../flow/settings-flow.view.js';

/** Replaces the traits of the flow's identity; ignores every other field of the form. */
@Injectable()
export class UpdateProfile {
  constructor(
    private readonly db: Database,
    private readonly change: ChangeByOwner,
    private readonly identities: IdentityService,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Optional() @Inject(CREDENTIAL_CHANGED) private readonly listener?: CredentialChangeListener,
  ) {}

  /**
   * Why the form is refused, or the identity after the change.
   * @param before the identity as the session sees it
   * @throws TooManyRequests if too many addresses were tried
   * @throws ChangeRefused, with `too_old` if an identifier or address would change
   */
  async run(
    submission: Submission,
    before: IdentityView,
    form: FormFields,
  ): Promise<{ refusal: Refusal } | { identity: IdentityView }> {
    const { flow } = submission;
    if (!holdsTraits(form)) {
      const reason = 'Did not receive any value changes.';
      return {
        refusal: profileRefused(flow, flow.submitted.traits ?? before.traits, [], {
          id: MessageId.Generic,
          context: { reason },
        }),
      };
    }
    let traits = before.traits;
    const read = (stored: IdentityView): Record<string, unknown> =>
      (traits = this.identities.traitsFromForm(stored, form, flow.submitted.traits));
    try {
      // Counted before checking whether the address is taken, so that beyond the limit taken and free look the same.
      if (this.identities.bringsNew(before, read(before))) await this.limiter.take(['new_address'], before.id);
      return { identity: await this.#write(submission, read) };
    } catch (error) {
      if (error instanceof TraitsInvalid) return { refusal: profileRefused(flow, traits, error.violations) };
      if (error instanceof IdentityTaken)
        return { refusal: profileRefused(flow, traits, [], { id: MessageId.DuplicateIdentifier }) };
      if (error instanceof PrivilegedFieldChanged) throw new ChangeRefused('too_old');
      throw error;
    }
  }

  /** @param read the form's traits; values that the form doesn't mention come from the locked identity */
  async #write(submission: Submission, read: (stored: IdentityView) => Record<string, unknown>): Promise<IdentityView> {
    return this.db.transaction(async (em) => {
      const { held } = await this.change.begin(em, submission, 'profile');
      const allowIdentifierChange = held === undefined && (await this.change.privileged(em, submission));
      const before = await this.identities.get(submission.flow.identityId);
      const traits = read(before);
      const after = await this.identities.updateTraits(before.id, traits, { allowIdentifierChange }).catch((error) => {
        throw held && error instanceof PrivilegedFieldChanged ? held : error;
      });
      await this.#tell(em, before, after);
      await this.change.save(em, submission, { method: 'profile', needsPrivilege: false });
      return after;
    });
  }

  /** A link that was sent to an address must not work after the person has removed that address. */
  async #tell(em: SqlEntityManager, before: IdentityView, after: IdentityView): Promise<void> {
    if (addresses(before) !== addresses(after)) await this.listener?.credentialsChanged(em, after.id);
  }
}

const holdsTraits = (form: FormFields): boolean =>
  Object.keys(form).some((field) => field === 'traits' || field.startsWith('traits.'));

const addresses = ({ recoveryAddresses }: IdentityView): string =>
  JSON.stringify(recoveryAddresses.map(({ via, value }) => [via, value]).sort());
