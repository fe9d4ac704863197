import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { BadRequest } from '../errors/index.js';
import { Answer } from './answer.js';

/** Under this prefix, callers without a token learn nothing: the guard answers first. */
const GUARDED = /^\/admin(\/|$)/;
/** Methods that routes here may use. */
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
/** RFC 3986, 3.2.2, without the comma: a proxy may have joined two headers with it. */
const HOST = /^(?:\[[0-9a-z:.]+\]|[\w.~!$&'()*+;=%-]*)(?::\d*)?$/i;

/**
 * Rejects, before routing, requests that a proxy and we could read differently (RFC 9112, 3.2: exactly one
 * Host, and a valid one; HTTP/0.9 has no headers at all, HTTP/2 other ones). Also rejects TRACE, which would reflect a request's cookies to whoever reads the
 * answer (RFC 9110, 9.3.8).
 */
export function refuseAmbiguousRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const refusal = refusalOf(request.raw, GUARDED.test(request.url));
    if (refusal === undefined) return done();
    refusal.withHeaders({ connection: 'close' }).send(reply);
  });
}

function refusalOf(request: IncomingMessage, guarded: boolean): Answer | undefined {
  if (request.httpVersionMajor !== 1) return malformed('The request must use HTTP/1.0 or HTTP/1.1.');
  const hosts = request.rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === 'host');
  if (hosts.length > 1) return malformed('Send exactly one Host header.');
  if (!HOST.test(request.headers.host ?? ''))
    return malformed('The Host header must be a host name, with or without a port.');
  if (request.method === 'TRACE' && !guarded)
    return Answer.text(405, 'Method Not Allowed').withHeaders({ allow: METHODS });
  return undefined;
}

function malformed(reason: string): Answer {
  const error = new BadRequest(reason);
  return Answer.json(error.status, { error: error.toBody() });
}
