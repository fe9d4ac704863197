import { BadRequest, DomainError, NotFound, Unauthorized } from '../../platform/errors/index.js';

/** Reading or submitting a settings flow requires a session. */
export class SettingsSessionMissing extends Unauthorized {
  constructor() {
    super('A valid Ory Session Cookie or Ory Session Token is missing.');
  }
}

/** The submitted flow doesn't exist (any more). */
export class SettingsFlowUnknown extends NotFound {
  constructor() {
    super('The settings request could not be found. Please restart the flow.');
  }
}

export class SettingsFlowParameterMalformed extends BadRequest {
  constructor() {
    super('The flow query parameter is missing or malformed.');
  }
}

const READ = 'The request was made for another identity and has been blocked for security reasons.';
const SUBMITTED =
  'The request was initiated by someone else and has been blocked for security reasons. Please go back and try again.';

/** The flow belongs to someone else. */
export class SettingsIdentityMismatch extends DomainError {
  readonly status = 403;
  override readonly id = 'security_identity_mismatch';
  override readonly reason: string;

  constructor(when: 'read' | 'submitted') {
    super('The requested action was forbidden');
    this.reason = when === 'read' ? READ : SUBMITTED;
  }
}

/** The session is too old for the change. `redirectTo` is where to sign in again. */
export class SessionRefreshRequired extends DomainError {
  readonly status = 403;
  override readonly id = 'session_refresh_required';
  override readonly reason =
    'The login session is too old and thus not allowed to update these fields. Please re-authenticate.';
  override readonly extra: Record<string, unknown>;

  constructor(redirectTo: string) {
    super('The requested action was forbidden');
    this.extra = { redirect_browser_to: redirectTo };
  }
}

/** Another change of the same identity is currently being saved. */
export class SettingsChangeRunning extends DomainError {
  readonly status = 429;
  override readonly id = 'settings_change_running';
  override readonly reason = 'Another change of this account is being saved. Please try again in a second.';
  override readonly headers = { 'retry-after': '1' };

  constructor() {
    super('Too many requests were made');
  }
}
