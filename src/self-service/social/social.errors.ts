import { BadRequest, DomainError, NotFound } from '../../platform/errors/index.js';

/** A form or a URL names a provider that is not configured. */
export class ProviderUnknown extends NotFound {
  constructor() {
    super('The social sign-in provider is unknown or has not been configured.');
  }
}

/** Unknown, used or expired, or from another browser or provider: all get the same answer. */
export class CallbackRefused extends BadRequest {
  constructor() {
    super(
      'This sign-in was not started in this browser, is already finished, or took too long. Please go back and try again.',
    );
  }
}

/** A single page app can't follow a redirect to the provider by itself. */
export class ContinueAtProvider extends DomainError {
  readonly status = 422;
  override readonly id = 'browser_location_change_required';
  override readonly reason: string;
  override readonly extra: Record<string, unknown>;

  constructor(address: string) {
    super('browser location change required');
    this.reason = `In order to complete this flow please redirect the browser to: ${address}`;
    this.extra = { redirect_browser_to: address };
  }
}
