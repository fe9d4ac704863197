import { DomainError } from '../../platform/errors/index.js';

/** Signing in is for people who are not; who wants to confirm that it is them asks for `refresh`. */
export class AlreadyLoggedIn extends DomainError {
  readonly status = 400;
  override readonly id = 'session_already_available';
  override readonly reason =
    'A valid session was detected and thus login is not possible. Did you forget to set `?refresh=true`?';

  constructor() {
    super('you are already logged in');
  }
}

/** A second factor was asked for; there is no first one yet. */
export class FirstFactorRequired extends DomainError {
  readonly status = 401;
  override readonly id = 'session_aal1_required';
  override readonly reason = 'You can not requested a higher AAL (AAL2/AAL3) without an active session.';

  constructor() {
    super('aal2 and aal3 can only be requested if a session exists already');
  }
}

/** Reading a flow that is over: start another one. */
export class LoginFlowGone extends DomainError {
  readonly status = 410;
  override readonly id = 'self_service_flow_expired';
  override readonly reason: string;
  override readonly details: Record<string, unknown>;

  constructor(next: { redirect_to: string; return_to: string } | { api: string }) {
    super('The requested resource is no longer available because it has expired or is otherwise invalid');
    this.details = next;
    this.reason =
      'api' in next
        ? 'The login flow has expired. Call the login flow init API endpoint to initialize a new login flow.'
        : 'The login flow has expired. Redirect the user to the login flow init endpoint to initialize a new login flow.';
  }
}

/** Submitting a flow that is over: another one is there already. */
export class LoginFlowReplaced extends DomainError {
  readonly status = 410;
  override readonly id = 'self_service_flow_expired';
  override readonly reason: string;
  override readonly extra: Record<string, unknown>;

  constructor(over: { expiresAt: Date; minutesAgo: number }, newFlowId: string) {
    super('self-service flow expired');
    this.reason = `The self-service flow expired ${over.minutesAgo.toFixed(2)} minutes ago, initialize a new one.`;
    this.extra = {
      expired_at: over.expiresAt.toISOString(),
      since: Math.round(over.minutesAgo * 60e9),
      use_flow_id: newFlowId,
    };
  }
}
