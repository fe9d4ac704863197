import { Urls } from '../config/index.js';
import { DomainError } from '../platform/errors/index.js';

/** The pages that show a flow. */
export type FlowPage = 'login' | 'settings' | 'recovery';

/**
 * Where to redirect if a page can't show its flow but a new one can be started: to a new flow if it is expired or
 * unknown, and to sign in if settings have no session. Undefined: show the error. A refused CSRF cookie is shown too,
 * because a browser without cookies would be redirected forever.
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
