import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiTooManyRequestsResponse } from '@nestjs/swagger';
import type { LimitName } from '../limits/index.js';
import { RATE_LIMITER, type RateLimiter } from './rate-limiter.js';

const LIMITED = 'regain:limited';

/** Counts the request before its handler runs. */
@Injectable()
export class LimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.limiter.take([this.reflector.get<LimitName>(LIMITED, context.getHandler())]);
    return true;
  }
}

/** Documents the 429 answer for routes whose service does the counting. */
export const MayBeLimited = (): MethodDecorator =>
  ApiTooManyRequestsResponse({
    description: 'Too many attempts. Retry-After gives the seconds to wait.',
    headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } },
  });

/** Limits requests to this method by network or actor. Runs after authorization. */
export const Limited = (limit: LimitName): MethodDecorator =>
  applyDecorators(SetMetadata(LIMITED, limit), UseGuards(LimitGuard), MayBeLimited());
