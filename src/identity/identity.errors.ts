import { BadRequest, Conflict, DomainError, NotFound } from '../platform/errors/index.js';
import type { Violation } from './schema/violations.js';

/** An administrator's input cannot become an identity; the reason says what to change. */
export class IdentityRefused extends BadRequest {}

/**
 * A numbered page can't end early, because the next page number would skip the rest.
 * @see ListQuery.page
 */
export class PageTooLarge extends BadRequest {
  /** @param fits how many of the requested identities fit on a page */
  constructor(fits: number) {
    super(
      `These identities are too large for one answer: request at most ${Math.max(fits, 1)} with \`per_page\`, or use \`page_size\` and the links in the answer, which can end a page early.`,
    );
  }
}

/** Matches Kratos' decoder for creation, which stops at an unknown field. */
export class UnknownField extends DomainError {
  readonly status = 400;

  /** @param path for example `credentials.shoe`; the message names its last part, like Kratos */
  constructor(path: string) {
    super(`json: unknown field ${JSON.stringify(path.split('.').at(-1))}`);
  }
}

/** The body is not a JSON patch. */
export class PatchUnreadable extends DomainError {
  readonly status = 400;
  override readonly reason = 'failed to unmarshal JSON patch';
}

/** A password was given, but the schema has no identifier to sign in with. */
export class PasswordUseless extends BadRequest {
  constructor(schemaId: string) {
    super(
      `The password would be useless: no trait of the identity schema "${schemaId}" has "ory.sh/kratos".credentials.password.identifier, so nobody could sign in with it.`,
    );
  }
}

/** The JSON patch cannot be applied; `message` says why, as recorded from Kratos. */
export class PatchRefused extends DomainError {
  readonly status = 400;
  override readonly reason = 'failed to apply JSON patch';
}

/** The patch sets a state that does not exist. */
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

/** Without the credential, nobody could sign in any more. */
export class LastFirstFactor extends BadRequest {
  constructor() {
    super('You cannot remove the last first factor credential.');
  }
}

/** Another identity has the identifier, the address or the external id. The answer doesn't say which. */
export class IdentityTaken extends Conflict {
  constructor() {
    super('This identity conflicts with another identity that already exists.');
  }
}

/**
 * The traits violate their schema: `violations` is for forms, `reason` (all of them, by JSON pointer) for the admin
 * API.
 */
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

/** A hash was given that can't be accepted. */
export class HashRefused extends BadRequest {
  static unknownFormat(): HashRefused {
    return new HashRefused('The imported password does not match any known hash format.');
  }

  static tooCostly(): HashRefused {
    return new HashRefused('Verifying the imported password hash needs more memory or time than this server allows.');
  }
}

/** The password can't be hashed whole: it is longer than the algorithm or the limit allows. */
export class PasswordUnusable extends BadRequest {}

/** The link can't undo anything, or no longer. Wrong, used and expired links get the same answer. */
export class AddressUndoRefused extends DomainError {
  static override readonly kind = 'address_undo_refused';
  readonly status = 410;
  override readonly reason = 'The link does not work: it may have been used already or may have expired.';

  constructor() {
    super('The requested resource is no longer available because it has expired or is otherwise invalid.');
  }
}

/** A token that may not write credentials can't change addresses during a recovery. */
export class AddressesHandedOver extends Conflict {
  constructor() {
    super(
      'The account is being recovered or is contained. To change its recovery addresses now, use an access token with the scope credentials:write.',
    );
  }
}

/** A suspended address that can't simply be removed from the traits. */
export class AddressRequired extends Conflict {
  constructor() {
    super(
      'The address cannot be removed: the identity schema requires it, or nothing would be left to sign in with the password. Replace it in the traits instead.',
    );
  }
}
