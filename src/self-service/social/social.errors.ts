import { BadRequest, DomainError, NotFound } from '../../platform/errors/index.js';

/** A form, or an address, names a provider that is not configured. */
export class ProviderUnknown extends NotFound {
  constructor() {
    super('The social sign-in provider is unknown or has not been configured.');
  }
}

/** Unknown, used, expired, of another browser or another provider: all look the same from outside. */
export class CallbackRefused extends BadRequest {
  constructor() {
    super(
      'This sign-in was not begun in this browser, was finished already, or took too long. Please go back and try again.',
    );
  }
}

/** A single page app cannot follow a redirect to the provider by itself. */
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
