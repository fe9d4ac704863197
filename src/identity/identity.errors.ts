import { BadRequest, Conflict, DomainError, NotFound } from '../platform/errors/index.js';
import type { Violation } from './schema/violations.js';

/** What an administrator sent cannot become an identity; the reason says what to change. */
export class IdentityRefused extends BadRequest {}

/** A numbered page cannot end early: the next number would skip what is missing. @see ListQuery.page */
export class PageTooLarge extends BadRequest {
  /** @param fits identities that a page has room for, of those that were asked for */
  constructor(fits: number) {
    super(
      `These identities are too large for one answer: ask for at most ${Math.max(fits, 1)} of them by \`per_page\`, or use \`page_size\` and the links of the answer, which end a page where it is full.`,
    );
  }
}

/** Kratos' decoder, where it creates: it stops at a field that it does not know. */
export class UnknownField extends DomainError {
  readonly status = 400;

  /** @param path as in `credentials.shoe`; Kratos names the last part of it */
  constructor(path: string) {
    super(`json: unknown field ${JSON.stringify(path.split('.').at(-1))}`);
  }
}

/** The body is no JSON patch. */
export class PatchUnreadable extends DomainError {
  readonly status = 400;
  override readonly reason = 'failed to unmarshal JSON patch';
}

/** A password for somebody whose schema has nothing to sign in with. */
export class PasswordUseless extends BadRequest {
  constructor(schemaId: string) {
    super(
      `Nobody could sign in with the password: no trait of the identity schema "${schemaId}" has "ory.sh/kratos".credentials.password.identifier.`,
    );
  }
}

/** The JSON patch cannot be applied; `message` says why, as recorded. */
export class PatchRefused extends DomainError {
  readonly status = 400;
  override readonly reason = 'failed to apply JSON patch';
}

/** A patch that leaves the identity in a state that does not exist. */
export class StateRefused extends DomainError {
  readonly status = 400;
  override readonly reason: string;

  constructor(state: unknown) {
    super('identity state is not valid');
    const shown = typeof state === 'string' ? state.slice(0, 50) : '';
    this.reason = `The supplied state ('${shown}') was not valid. Valid states are ('active', 'inactive').`;
  }
}

/** The identity has no credential of this type. */
export class CredentialMissing extends NotFound {
  constructor(type: string) {
    super(`You tried to remove a ${type} but this user have no ${type} set up.`);
  }
}

/** Without the credential nobody could sign in any more. */
export class LastFirstFactor extends BadRequest {
  constructor() {
    super('You cannot remove the last first factor credential.');
  }
}

/** Another identity has the identifier, the address or the external id. Which one is not told. */
export class IdentityTaken extends Conflict {
  constructor() {
    super('This identity conflicts with another identity that already exists.');
  }
}

/** The traits break their schema: `violations` for forms, `reason` (all of them, by JSON pointer) for the admin API. */
export class TraitsInvalid extends BadRequest {
  constructor(readonly violations: readonly Violation[]) {
    super(violations.map(({ pointer, rule, text }) => `I[${pointer}] S[${rule}] ${text}`).join('\n'));
  }
}

/** The change touches an identifier or an address, and the caller may not do that now. */
export class PrivilegedFieldChanged extends DomainError {
  readonly status = 403;
  override readonly reason =
    'The login session is too old and thus not allowed to update these fields. Please re-authenticate.';

  constructor() {
    super('The requested action was forbidden');
  }
}

/** A hash that is given, rather than made here. */
export class HashRefused extends BadRequest {
  static unknownFormat(): HashRefused {
    return new HashRefused('The imported password does not match any known hash format.');
  }

  static tooCostly(): HashRefused {
    return new HashRefused(
      'The imported password hash needs more memory or time to be verified than this server spends.',
    );
  }
}

/** A password that cannot be hashed whole: longer than the algorithm takes, or longer than anything sensible. */
export class PasswordUnusable extends BadRequest {}

/** The link does not undo anything (any more). Wrong, used and over look the same. */
export class AddressUndoRefused extends DomainError {
  static override readonly kind = 'address_undo_refused';
  readonly status = 410;
  override readonly reason = 'The link does not work: it may have been used already, or its time is over.';

  constructor() {
    super('The requested resource is no longer available because it has expired or is otherwise invalid.');
  }
}

/** A token that may not write credentials changes no addresses while somebody is getting the account back. */
export class AddressesHandedOver extends Conflict {
  constructor() {
    super(
      'The account is being recovered or is contained: its recovery addresses can be changed with an access token that has the scope credentials:write, or afterwards.',
    );
  }
}

/** A suspended address that cannot just be left out of the traits. */
export class AddressRequired extends Conflict {
  constructor() {
    super(
      'The address cannot be removed: the identity schema requires it, or nothing would be left to sign in with the password. Replace it in the traits instead.',
    );
  }
}
