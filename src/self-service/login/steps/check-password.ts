import { Injectable } from '@nestjs/common';
import { Credentials, Passwords } from '../../../identity/privileged.js';
import { type NodeMessages } from '../../../platform/flow/index.js';
import { type FormFields, formText } from '../../../platform/http/index.js';
import { MessageId } from '../../../platform/ui/index.js';

export type PasswordCheck =
  | { kind: 'incomplete'; nodeMessages: NodeMessages }
  | { kind: 'wrong' }
  | { kind: 'disabled'; identityId: string }
  | { kind: 'right'; identityId: string; password: string; hash: string };

/** Finds out whose password it is. Somebody nobody knows costs as much time as a wrong password. */
@Injectable()
export class CheckPassword {
  constructor(
    private readonly credentials: Credentials,
    private readonly passwords: Passwords,
  ) {}

  /**
   * @param owner the only identity that may sign in, where the flow confirms a session
   * @throws Unavailable while too many passwords wait to be checked
   */
  async run(form: FormFields, owner: string | null): Promise<PasswordCheck> {
    const identifier = formIdentifier(form);
    const password = formText(form, 'password') ?? '';
    const missing = Object.entries({ identifier: identifier ?? '', password }).filter(([, value]) => value === '');
    if (missing.length > 0) {
      return {
        kind: 'incomplete',
        nodeMessages: Object.fromEntries(missing.map(([name]) => [name, [isMissing(name)]])),
      };
    }
    const known = await this.credentials.passwordFor(identifier!);
    const right = await this.passwords.verify(password, known?.hash);
    if (!known || !right || (owner !== null && owner !== known.identityId)) return { kind: 'wrong' };
    if (known.state !== 'active') return { kind: 'disabled', identityId: known.identityId };
    return { kind: 'right', identityId: known.identityId, password, hash: known.hash };
  }
}

/** `password_identifier` is what Kratos called the field once; clients still send it. */
export function formIdentifier(form: FormFields): string | undefined {
  return formText(form, 'identifier') || formText(form, 'password_identifier') || undefined;
}

const isMissing = (property: string) => ({ id: MessageId.PropertyMissing, context: { property } });
