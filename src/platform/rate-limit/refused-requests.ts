import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DEVICE_COOKIE, type DeviceCookie, isPublic, refusalOf } from '../http/index.js';
import { RATE_LIMITER, type RateLimiter } from './rate-limiter.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

const LINKS = '/self-service/recovery';
/** Bytes; no confirmation of a link is longer. */
const LONGEST_CONFIRMATION = 4_096;
/** Statuses that are not refusals: 422 sends the client elsewhere, and other limits count 429. */
const NO_REFUSALS = new Set([422, 429]);

/**
 * Counts requests per network that end in a client error: too large, unreadable, without a flow, from another site.
 * Above the limit, bodies from that network are no longer read. A form that was evaluated does not count, whatever was
 * wrong with it:
 * other limits count passwords and codes. The counts are rate-limit rows, which end with their window.
 */
@Injectable()
export class RefusedRequests {
  constructor(
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(DEVICE_COOKIE) private readonly devices: DeviceCookie,
  ) {}

  /** Adds its hooks; call it after the hook that determines the request's network. */
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

  /** Covers writes on the public listener. Callers of the admin API hold a token or learn only that they lack one. */
  #concerns({ method, raw }: FastifyRequest): boolean {
    return !READS.has(method) && isPublic(raw);
  }
}

/** A link is told from others by its token alone, so strangers in the same network must not be able to block it. */
function mayConfirmLink({ method, routeOptions, query, headers }: FastifyRequest): boolean {
  if (method !== 'POST' || routeOptions.url !== LINKS || headers['transfer-encoding'] !== undefined) return false;
  const { flow, token } = query as { flow?: unknown; token?: unknown };
  return (token !== undefined || flow === undefined) && Number(headers['content-length'] ?? 0) <= LONGEST_CONFIRMATION;
}
