import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { BadRequest } from '../errors/index.js';
import { Answer } from './answer.js';

/** Below it nobody learns anything without a token: the guard answers first. */
const GUARDED = /^\/admin(\/|$)/;
/** What routes here may be asked with. */
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/**
 * Refuses, before any route, what a proxy and we could read differently (RFC 9112, 3.2: exactly one Host; HTTP/0.9 has no headers
 * at all), and TRACE, which shows a request's cookies to whoever can read the answer (RFC 9110, 9.3.8).
 */
export function refuseAmbiguousRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const refusal = refusalOf(request.raw, GUARDED.test(request.url));
    if (refusal === undefined) return done();
    refusal.withHeaders({ connection: 'close' }).send(reply);
  });
}

function refusalOf(request: IncomingMessage, guarded: boolean): Answer | undefined {
  if (request.httpVersionMajor < 1) return malformed('The request must be HTTP/1.0 or newer.');
  const hosts = request.rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === 'host');
  if (hosts.length > 1) return malformed('Send exactly one Host header.');
  if (request.method === 'TRACE' && !guarded)
    return Answer.text(405, 'Method Not Allowed').withHeaders({ allow: METHODS });
  return undefined;
}

function malformed(reason: string): Answer {
  const error = new BadRequest(reason);
  return Answer.json(error.status, { error: error.toBody() });
}
