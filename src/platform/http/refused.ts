import type { FastifyRequest } from 'fastify';

const statuses = new WeakMap<FastifyRequest, number>();

/** Notes that a request was refused: it ended in an error, or its body could not be read. */
export function noteRefusal(request: FastifyRequest, status: number): void {
  statuses.set(request, status);
}

/** The status of the refusal, also where a browser was sent to a page or a form that says so; undefined where nothing was refused. */
export const refusalOf = (request: FastifyRequest): number | undefined => statuses.get(request);
