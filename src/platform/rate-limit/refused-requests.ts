import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DEVICE_COOKIE, type DeviceCookie, isPublic } from '../http/index.js';
import { RATE_LIMITER, type RateLimiter } from './rate-limiter.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * What is refused before it did anything (too large, unreadable, of no flow, from another site) is counted by network; a network
 * that sends nothing else is refused before its bodies are read. Counts are rows of the rate limits, which end with their window.
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
    fastify.addHook('onSend', (request, reply, _payload, done) => {
      if (this.#counts(request, reply)) void this.limiter.allows('refused_network').catch(() => undefined);
      done();
    });
  }

  #objection(request: FastifyRequest): Error | undefined {
    const refusal = this.#concerns(request) ? this.limiter.known('refused_network') : undefined;
    return refusal && this.devices.read(request) ? undefined : refusal;
  }

  #counts(request: FastifyRequest, { statusCode }: FastifyReply): boolean {
    return this.#concerns(request) && statusCode >= 400 && statusCode < 500 && statusCode !== 429;
  }

  /** Administrators have shown a token, or are told nothing but that they lack one. */
  #concerns({ method, raw }: FastifyRequest): boolean {
    return !READS.has(method) && isPublic(raw);
  }
}
