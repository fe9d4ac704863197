import { Injectable } from '@nestjs/common';
import { RegainConfig, SelfServiceConfig, Urls } from '../config/index.js';
import { checkReturnTo, ReturnToForbidden, type ReturnToRule } from '../platform/flow/index.js';

/** Where people may be redirected: `selfservice.allowed_return_urls`, the default URLs, and Regain's own. */
@Injectable()
export class ReturnToService {
  readonly #rule: ReturnToRule;
  readonly #own: ReturnToRule;
  readonly #start: string;

  constructor(selfservice: SelfServiceConfig, regain: RegainConfig, urls: Urls) {
    const start = urls.ui('welcome');
    const recovered = selfservice.flows.recovery.after.default_browser_return_url;
    this.#start = selfservice.default_browser_return_url;
    this.#rule = {
      allowed: [...selfservice.allowed_return_urls, start, urls.public(''), ...(recovered ? [recovered] : [])],
      relativeTo: start,
      prefixMatch: regain.return_to_prefix_match,
    };
    this.#own = { ...this.#rule, allowed: [urls.public('/self-service')] };
  }

  /**
   * Checks a target from a request, and returns it unchanged, to be stored and shown. Absent stays absent.
   * @throws ReturnToForbidden
   */
  given(target: string | undefined): string | undefined {
    return this.check(target) === undefined ? undefined : target;
  }

  /**
   * Checks a target from a request, and returns its canonical form. Absent stays absent.
   * @throws ReturnToForbidden
   */
  check(target: string | undefined): string | undefined {
    return target === undefined || target === '' ? undefined : checkReturnTo(target, this.#rule);
  }

  /**
   * Checks a stored target, because the allow-list may have changed since. Undefined if it is not allowed (any more).
   */
  allowed(target: string | null | undefined): string | undefined {
    return allowedBy(target, this.#rule);
  }

  /** Where signed-in people go from a flow that is not for them: a target within self-service, else the default URL. */
  ofSignedIn(target: string | undefined): string {
    return allowedBy(target, this.#own) ?? this.#start;
  }
}

function allowedBy(target: string | null | undefined, rule: ReturnToRule): string | undefined {
  if (!target) return undefined;
  try {
    return checkReturnTo(target, rule);
  } catch (error) {
    if (error instanceof ReturnToForbidden) return undefined;
    throw error;
  }
}
