import type { FastifyRequest } from 'fastify';

const statuses = new WeakMap<FastifyRequest, number>();

/** Records that a request was refused: it ended in an error, or its body could not be read. */
export function noteRefusal(request: FastifyRequest, status: number): void {
  statuses.set(request, status);
}

/**
 * The status of the refusal, even if the browser was redirected to a page or form that shows it; undefined if nothing
 * was refused.
 */
export const refusalOf = (request: FastifyRequest): number | undefined => statuses.get(request);
