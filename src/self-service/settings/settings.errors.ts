import { BadRequest, DomainError, NotFound, Unauthorized } from '../../platform/errors/index.js';

/** Whoever reads or submits a settings flow must be signed in. */
export class SettingsSessionMissing extends Unauthorized {
  constructor() {
    super('A valid Ory Session Cookie or Ory Session Token is missing.');
  }
}

/** The flow that a submission names is not there (any more). */
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

/** `selfservice.methods.<method>.enabled` is false. */
export class SettingsMethodDisabled extends NotFound {
  constructor() {
    super(
      'This endpoint was disabled by system administrator. Please check your url or contact the system administrator to enable it.',
    );
  }
}

const READ = 'The request was made for another identity and has been blocked for security reasons.';
const SUBMITTED =
  'The request was initiated by someone else and has been blocked for security reasons. Please go back and try again.';

/** The flow belongs to somebody else than the session. */
export class SettingsIdentityMismatch extends DomainError {
  readonly status = 403;
  override readonly id = 'security_identity_mismatch';
  override readonly reason: string;

  constructor(when: 'read' | 'submitted') {
    super('The requested action was forbidden');
    this.reason = when === 'read' ? READ : SUBMITTED;
  }
}

/** The session is too old for what was asked. `redirectTo` is where to sign in again. */
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

/** A flow that is read after its end. `details` says where to begin a new one. */
export class SettingsFlowExpired extends DomainError {
  readonly status = 410;
  override readonly id = 'self_service_flow_expired';
  override readonly reason: string;
  override readonly details: Record<string, unknown>;

  constructor(start: { redirect_to: string; return_to: string } | { api: string }) {
    super('The requested resource is no longer available because it has expired or is otherwise invalid.');
    const how =
      'api' in start
        ? 'Call the settings flow init API endpoint'
        : 'Redirect the user to the settings flow init endpoint';
    this.reason = `The settings flow has expired. ${how} to initialize a new settings flow.`;
    this.details = { ...start };
  }
}

/** A flow that is submitted after its end. `use_flow_id` is a new one that says so. */
export class SettingsFlowExpiredOnSubmit extends DomainError {
  readonly status = 410;
  override readonly id = 'self_service_flow_expired';
  override readonly reason: string;
  override readonly extra: Record<string, unknown>;

  /** `since` goes out in nanoseconds, as Go writes a duration */
  constructor(expired: { expiresAt: Date; expiredSeconds: number; useFlowId: string }) {
    super('self-service flow expired');
    const minutes = (expired.expiredSeconds / 60).toFixed(2);
    this.reason = `The self-service flow expired ${minutes} minutes ago, initialize a new one.`;
    this.extra = {
      expired_at: expired.expiresAt.toISOString(),
      since: Math.round(expired.expiredSeconds * 1e6) * 1000,
      use_flow_id: expired.useFlowId,
    };
  }
}
