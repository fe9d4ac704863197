import type { FastifyRequest } from 'fastify';
import type { DomainError } from '../errors/index.js';
import type { Answer } from './answer.js';
import { wantsJson } from './negotiation.js';

/** Injection token of the ErrorKeeper; self-service implements it. */
export const ERROR_KEEPER = Symbol('ERROR_KEEPER');

/** Keeps an error for the error page and gives the page's address. */
export interface ErrorKeeper {
  keep(error: DomainError): Promise<string>;
}

/** Injection token of the RefusalPage; pages implements it. */
export const REFUSAL_PAGE = Symbol('REFUSAL_PAGE');

/** A person's page for what is refused before anything is done: right away, since keeping an error is work, too. */
export interface RefusalPage {
  /** @param reference what a helper can look up */
  show(error: DomainError, reference: string): Answer;
}

/** Decides which errors a person sees on the error page instead of as JSON. */
export const BrowserErrors = {
  /** Self-service routes of browsers; native starts, reading a flow and the error endpoint itself always answer in JSON. */
  wantsPage(request: FastifyRequest): boolean {
    const route = request.routeOptions.url ?? '';
    if (!route.startsWith('/self-service/') || route === '/self-service/errors' || /\/(api|flows)$/.test(route))
      return false;
    return !wantsJson(request);
  },
};
