import { BadRequest, DomainError, NotFound } from '../platform/errors/index.js';

/** The flow that a link or a submission names is not there (any more). */
export class RecoveryFlowUnknown extends NotFound {
  constructor() {
    super('The recovery request could not be found. Please restart the flow.');
  }
}

export class FlowParameterMalformed extends BadRequest {
  constructor() {
    super('The flow query parameter is missing or malformed.');
  }
}

/** `selfservice.flows.recovery.enabled` is false, or the method is. */
export class RecoveryEndpointDisabled extends NotFound {
  constructor() {
    super(
      'This endpoint was disabled by system administrator. Please check your url or contact the system administrator to enable it.',
    );
  }
}

export class RecoveryDisabled extends BadRequest {
  constructor() {
    super('Recovery is not allowed because it was disabled.');
  }
}

export class IdentityUnknown extends BadRequest {
  constructor() {
    super('The requested identity id does not exist.');
  }
}

/** What a code's request says of an unknown identity. */
export class CodeIdentityUnknown extends DomainError {
  readonly status = 404;
  override readonly reason = 'could not find identity';

  constructor() {
    super('Unable to locate the resource');
  }
}

export class FlowTypeUnknown extends BadRequest {
  constructor(text: string) {
    super(`Value from "flow_type" is not valid: ${JSON.stringify(text)}`);
  }
}

export class ExpiresInMalformed extends BadRequest {
  constructor(text: string) {
    super(`Unable to parse "expires_in" as a duration string (e.g. "1h", "1m30s", "500ms"): ${text}`);
  }
}

export class ExpiresInPast extends BadRequest {
  constructor(text: string) {
    super(`Value from "expires_in" must be result to a future time: ${text}`);
  }
}

/** The same for a code. */
export class CodeExpiresInPast extends BadRequest {
  constructor(duration: string) {
    super(`Value from "expires_in" must result to a future time: ${duration}`);
  }
}

export class ExpiresInTooLong extends BadRequest {
  constructor(cap: string) {
    super(`Value from "expires_in" must not be longer than ${cap} (regain.recovery.max_expires_in).`);
  }
}

/** A person with a session recovers nothing. */
export class SessionAlreadyAvailable extends BadRequest {
  override readonly id = 'session_already_available';

  constructor() {
    super('A valid session was detected and thus recovery is not possible.');
  }
}

/** A client that asks for JSON follows a link that a person must confirm: it has to open the page in a browser. */
export class ConfirmInBrowser extends DomainError {
  readonly status = 422;
  override readonly id = 'browser_location_change_required';
  override readonly reason = 'The link must be confirmed in a browser. Open the address in "redirect_browser_to".';
  override readonly extra: Record<string, unknown>;

  constructor(page: string) {
    super('browser location change required');
    this.extra = { redirect_browser_to: page };
  }
}

export class RecoveryFlowExpired extends DomainError {
  readonly status = 410;
  override readonly id = 'self_service_flow_expired';
  override readonly reason = 'The recovery flow has expired. Please start a new one.';
  override readonly extra: Record<string, unknown>;

  /** @param useFlowId the flow that was begun instead, where there is one */
  constructor(useFlowId?: string) {
    super('self-service flow expired');
    this.extra = useFlowId === undefined ? {} : { use_flow_id: useFlowId };
  }
}

/** A code's flow is over: it was guessed too often, or the code was used. Another flow was begun. */
export class CodeFlowOver extends BadRequest {
  override readonly details: Record<string, unknown>;

  constructor(why: 'too_often' | 'used', flow: { id: string; url: string }) {
    super(CODE_FLOW_OVER[why]);
    this.details = { continue_with: [{ action: 'show_recovery_ui', flow }] };
  }
}

export const CODE_FLOW_OVER = {
  too_often: 'The request was submitted too often. Please request another code.',
  used: 'The code was already used. Please request another code.',
} as const;

/** A single page app without continue_with transitions goes on in the browser. */
export class ContinueInBrowser extends DomainError {
  readonly status = 422;
  override readonly id = 'browser_location_change_required';
  override readonly reason: string;
  override readonly extra: Record<string, unknown>;

  constructor(page: string) {
    super('browser location change required');
    this.reason = `In order to complete this flow please redirect the browser to: ${page}`;
    this.extra = { redirect_browser_to: page };
  }
}
