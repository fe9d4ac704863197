import { BadRequest, DomainError, Forbidden, NotFound, Conflict } from '../platform/errors/index.js';
import { InsufficientScope } from '../platform/http/index.js';

/** The flow in a link or submission doesn't exist (any more). */
export class RecoveryFlowUnknown extends NotFound {
  static override readonly kind = 'recovery_flow_unknown';

  constructor() {
    super('The recovery request could not be found. Please restart the flow.');
  }
}

/** A submission without a flow id. */
export class RecoveryFlowParameterMalformed extends BadRequest {
  constructor() {
    super('The flow query parameter is missing or malformed.');
  }
}

/** Part of the link is missing, for example because only half of it was copied. */
export class RecoveryLinkIncomplete extends BadRequest {
  static override readonly kind = 'recovery_link_incomplete';

  constructor() {
    super('The flow query parameter is missing or malformed.');
  }
}

export class RecoveryDisabled extends BadRequest {
  static override readonly kind = 'recovery_disabled';

  constructor() {
    super('Recovery is not allowed because it was disabled.');
  }
}

/** Without mail, nobody can request a link or code for themselves. */
export class RecoveryMailOff extends BadRequest {
  static override readonly kind = 'recovery_mail_off';

  constructor() {
    super('This server does not send email. Ask its operator for a recovery link.');
  }
}

export class IdentityUnknown extends BadRequest {
  constructor() {
    super('The requested identity id does not exist.');
  }
}

/** The answer for an unknown identity when a code is requested. */
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

/** A person with a session can't recover an account. */
export class SessionAlreadyAvailable extends BadRequest {
  override readonly id = 'session_already_available';

  constructor() {
    super('A valid session was detected and thus recovery is not possible.');
  }
}

/** A JSON client followed a link that a person must confirm: it has to open the page in a browser. */
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

/** A code's flow is over: there were too many guesses, or the code was used. A new flow has been started. */
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

/** A single page app without continue_with transitions continues in the browser. */
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

export class IdempotencyKeyMalformed extends BadRequest {
  constructor() {
    super('The header Idempotency-Key must be sent once, with 1 to 255 visible ASCII characters and no spaces.');
  }
}

/** The key belongs to another request. */
export class IdempotencyKeyReused extends DomainError {
  readonly status = 422;
  override readonly id = 'idempotency_key_reused';
  override readonly reason =
    'This Idempotency-Key was used for another request. Use a new key for a new request, or repeat the first one unchanged.';

  constructor() {
    super('The request could not be processed');
  }
}

/** The first call with the key is still running. */
export class IdempotentCallRunning extends DomainError {
  readonly status = 409;
  override readonly id = 'idempotent_call_running';
  override readonly reason = 'The first request with this Idempotency-Key is still running. Try again in a second.';
  override readonly headers = { 'retry-after': '1' };

  constructor() {
    super('The resource could not be created due to a conflict');
  }
}

/** The secrets behind the first answer are no longer configured. */
export class IdempotencyKeyRotated extends DomainError {
  readonly status = 409;
  override readonly id = 'idempotency_key_rotated';
  override readonly reason =
    "The answer cannot be repeated, because the server's secrets have been replaced since. Send the request with a new Idempotency-Key.";

  constructor() {
    super('The resource could not be created due to a conflict');
  }
}

/** A token that may only deliver was used to read a secret, or to create one that nobody would get. */
export class OnlyDelivery extends InsufficientScope {
  constructor() {
    super(['recovery:issue'], {
      reason:
        'This access token may deliver links and codes but not see them (scope recovery:deliver). Name a recipient with "deliver", and leave "return_link" out.',
    });
  }
}

export class NobodyGetsIt extends BadRequest {
  constructor() {
    super('With "return_link": false and no "deliver", nobody would get the link or code. Add "deliver".');
  }
}

export class DeliveryOff extends BadRequest {
  constructor() {
    super('This server sends no mail. Set courier.smtp.connection_uri, or leave "deliver" out.');
  }
}

/** Same answer for another person's address and an unknown one. */
export class DeliveryAddressUnknown extends BadRequest {
  constructor() {
    super('"deliver.to" must be "default" or the id of one of the identity\'s recovery addresses of the kind email.');
  }
}

export class DeliveryAddressMissing extends BadRequest {
  constructor() {
    super(
      'The identity has no recovery address of the kind email. Leave "deliver" out, and give the person the link or code yourself.',
    );
  }
}

export class DeliveryAddressTooYoung extends Forbidden {
  override readonly id = 'recovery_address_too_young';

  constructor(age: string) {
    super(
      `The address was set or changed less than ${age} ago (regain.recovery.address_min_age). Wait, or leave "deliver" out and give the person the link or code yourself, which needs an access token with the scope recovery:issue.`,
    );
  }
}

/** With `strict`: the person could not use the link or code. */
export class OfNoUse extends Conflict {
  constructor(why: readonly string[]) {
    super(why.join(' '));
  }
}

/** The mailed link or code would not work. */
export class DeliveryPointless extends BadRequest {
  constructor(why: 'inactive' | 'second_factor') {
    super(
      why === 'inactive'
        ? 'The identity is inactive, so a link or code would not work.'
        : 'The identity has a second factor that this server cannot check, so a link or code would not work (regain.recovery.second_factor).',
    );
  }
}

export class DeliveryOptionRefused extends BadRequest {
  constructor(field: 'template' | 'reply_to' | 'locale', allowed: readonly string[]) {
    super(
      allowed.length === 0
        ? `"deliver.${field}" is not allowed: nothing is configured for it.`
        : `"deliver.${field}" must be one of ${allowed.join(', ')}.`,
    );
  }
}

/** After the recovery, the person could not set a credential, so the account would stay locked. */
export class NothingToSet extends DomainError {
  readonly status = 409;
  override readonly id = 'no_credential_can_be_set';
  override readonly reason =
    'The account cannot be contained: no method is enabled with which the person could set a credential afterwards (password, or oidc with a provider).';

  constructor() {
    super('The resource could not be created due to a conflict');
  }
}
