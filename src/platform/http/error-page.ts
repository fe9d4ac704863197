import type { FastifyRequest } from 'fastify';
import type { DomainError } from '../errors/index.js';
import type { Answer } from './answer.js';
import { wantsJson } from './negotiation.js';

/** Injection token for the ErrorKeeper, which self-service implements. */
export const ERROR_KEEPER = Symbol('ERROR_KEEPER');

/** Stores an error for the error page and returns the page's URL. */
export interface ErrorKeeper {
  keep(error: DomainError): Promise<string>;
}

/** Injection token for the RefusalPage, which pages implements. */
export const REFUSAL_PAGE = Symbol('REFUSAL_PAGE');

/**
 * The page for a request that is refused before any work is done. Rendered directly, because storing the error would be
 * work too.
 */
export interface RefusalPage {
  /** @param reference an id that support can look up */
  show(error: DomainError, reference: string): Answer;
}

/** Decides which errors are shown on the error page instead of being sent as JSON. */
export const BrowserErrors = {
  /**
   * True for self-service routes of browsers. Native starts, reading a flow and the error endpoint always answer in
   * JSON.
   */
  wantsPage(request: FastifyRequest): boolean {
    const route = request.routeOptions.url ?? '';
    if (!route.startsWith('/self-service/') || route === '/self-service/errors' || /\/(api|flows)$/.test(route))
      return false;
    return !wantsJson(request);
  },
};
