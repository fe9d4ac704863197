import { Urls } from '../config/index.js';
import { DomainError } from '../platform/errors/index.js';

/** The pages that show a flow. */
export type FlowPage = 'login' | 'settings' | 'recovery';

/**
 * Where a page goes when its flow cannot be shown but a new one can: gone and unknown flows begin again, and settings
 * without a session begin with signing in. Undefined: the error is worth reading. A refused CSRF cookie is among those,
 * because a browser without cookies would go in circles.
 */
export function restartOf(error: unknown, page: FlowPage, urls: Urls): string | undefined {
  if (!(error instanceof DomainError)) return undefined;
  const start = urls.public(`/self-service/${page}/browser`);
  if (error.status === 401)
    return urls.public('/self-service/login/browser', page === 'settings' ? { return_to: start } : {});
  if (error.status !== 404 && error.status !== 410) return undefined;
  const offered = error.details?.['redirect_to'];
  return typeof offered === 'string' ? offered : start;
}
