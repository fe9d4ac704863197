import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DEVICE_COOKIE, type DeviceCookie, isPublic, refusalOf } from '../http/index.js';
import { RATE_LIMITER, type RateLimiter } from './rate-limiter.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

const LINKS = '/self-service/recovery';
/** Bytes: no confirmation of a link is longer. */
const LONGEST_CONFIRMATION = 4_096;
/** Errors that refuse nothing: "somewhere else", and what other limits have counted. */
const NO_REFUSALS = new Set([422, 429]);

/**
 * What ends in an error of the client's (too large, unreadable, of no flow, from another site) is counted by network; beyond the
 * limit the network's bodies are not read any more. A form that was judged is no such request, whatever was wrong with it: other
 * limits count passwords and codes. Counts are rows of the rate limits, which end with their window.
 */
@Injectable()
export class RefusedRequests {
  constructor(
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(DEVICE_COOKIE) private readonly devices: DeviceCookie,
  ) {}

  /** Adds its hooks, after the one that knows the request's network. */
  attach(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => done(this.#objection(request)));
    fastify.addHook('onSend', (request, _reply, _payload, done) => {
      if (this.#counts(request)) void this.limiter.allows('refused_network').catch(() => undefined);
      done();
    });
  }

  #objection(request: FastifyRequest): Error | undefined {
    if (!this.#concerns(request) || mayConfirmLink(request)) return undefined;
    const refusal = this.limiter.known('refused_network');
    return refusal && this.devices.read(request) ? undefined : refusal;
  }

  #counts(request: FastifyRequest): boolean {
    const status = refusalOf(request) ?? 0;
    return this.#concerns(request) && status >= 400 && status < 500 && !NO_REFUSALS.has(status);
  }

  /** Administrators have shown a token, or are told nothing but that they lack one. */
  #concerns({ method, raw }: FastifyRequest): boolean {
    return !READS.has(method) && isPublic(raw);
  }
}

/** Only its token tells a good link from others, so strangers of the same network must not keep it from being read. */
function mayConfirmLink({ method, routeOptions, query, headers }: FastifyRequest): boolean {
  if (method !== 'POST' || routeOptions.url !== LINKS || headers['transfer-encoding'] !== undefined) return false;
  const { flow, token } = query as { flow?: unknown; token?: unknown };
  return (token !== undefined || flow === undefined) && Number(headers['content-length'] ?? 0) <= LONGEST_CONFIRMATION;
}
