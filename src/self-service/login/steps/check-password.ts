import { Inject, Injectable } from '@nestjs/common';
import { RegainConfig } from '../../../config/index.js';
import { normalizeIdentifier } from '../../../identity/index.js';
import { Credentials, Passwords, VerificationFloor } from '../../../identity/privileged.js';
import { noSoonerThan } from '../../../platform/clock/index.js';
import { type NodeMessages } from '../../../platform/flow/index.js';
import { type Device, type FormFields, formText } from '../../../platform/http/index.js';
import { RATE_LIMITER, type RateLimiter } from '../../../platform/rate-limit/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import { MayGuess } from '../may-guess.js';

export type PasswordCheck =
  | { kind: 'incomplete'; nodeMessages: NodeMessages }
  | { kind: 'wrong' }
  | { kind: 'disabled'; identityId: string }
  | { kind: 'second_factor'; identityId: string }
  | {
      kind: 'right';
      identityId: string;
      accessEpoch: number;
      password: string;
      hash: string;
      guessed: string;
    };

/** Limits that a guess counts against, whether or not the identifier exists. */
const GUESSES = ['login_identifier', 'login_identifier_total'] as const;

/**
 * Finds out whose password it is. An unknown identifier takes as long as a wrong password, whatever the kind of hash.
 */
@Injectable()
export class CheckPassword {
  constructor(
    private readonly credentials: Credentials,
    private readonly passwords: Passwords,
    private readonly floor: VerificationFloor,
    private readonly mayGuess: MayGuess,
    private readonly regain: RegainConfig,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
  ) {}

  /**
   * @param owner the only identity that may sign in, if the flow confirms a session
   * @param device the known browser that sent the form
   * @throws TooManyRequests; Unavailable while too many passwords wait to be checked
   */
  async run(form: FormFields, owner: string | null, device: Device | undefined): Promise<PasswordCheck> {
    const identifier = formIdentifier(form);
    const password = formText(form, 'password') ?? '';
    const missing = Object.entries({ identifier: identifier ?? '', password }).filter(([, value]) => value === '');
    if (missing.length > 0) {
      return {
        kind: 'incomplete',
        nodeMessages: Object.fromEntries(missing.map(([name]) => [name, [isMissing(name)]])),
      };
    }
    const guessed = normalizeIdentifier(identifier!);
    const { ownersId } = await this.mayGuess.run(identifier!, guessed, device);
    const { known, right } = await noSoonerThan(await this.floor.milliseconds(), async () => {
      const found = await this.credentials.passwordFor(identifier!);
      return { known: found, right: await this.passwords.verify(password, found?.hash, ownersId) };
    });
    if (!known || !right || (owner !== null && owner !== known.identityId)) return { kind: 'wrong' };
    if (known.state !== 'active') return { kind: 'disabled', identityId: known.identityId };
    if (known.availableAal !== 'aal1' && this.regain.recovery.second_factor === 'refuse')
      return { kind: 'second_factor', identityId: known.identityId };
    const { identityId, accessEpoch, hash } = known;
    return { kind: 'right', identityId, accessEpoch, password, hash, guessed };
  }

  /** The password has opened a session, so earlier guesses no longer count. */
  async forgive({ guessed }: { guessed: string }): Promise<void> {
    await this.limiter.forgive(GUESSES, guessed);
  }
}

/** `password_identifier` is Kratos' older name of the field; clients still send it. */
export function formIdentifier(form: FormFields): string | undefined {
  return formText(form, 'identifier') || formText(form, 'password_identifier') || undefined;
}

const isMissing = (property: string) => ({ id: MessageId.PropertyMissing, context: { property } });
