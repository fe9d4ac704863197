import { DomainError } from '../../platform/errors/index.js';

/** Login is for people who are not signed in. To confirm who they are, they request `refresh`. */
export class AlreadyLoggedIn extends DomainError {
  readonly status = 400;
  override readonly id = 'session_already_available';
  override readonly reason =
    'A valid session was detected and thus login is not possible. Did you forget to set `?refresh=true`?';

  constructor() {
    super('you are already logged in');
  }
}

/** A second factor was requested, but there is no first one yet. */
export class FirstFactorRequired extends DomainError {
  readonly status = 401;
  override readonly id = 'session_aal1_required';
  override readonly reason = 'You can not requested a higher AAL (AAL2/AAL3) without an active session.';

  constructor() {
    super('aal2 and aal3 can only be requested if a session exists already');
  }
}
