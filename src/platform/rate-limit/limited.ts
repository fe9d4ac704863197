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

/** For the API's description, where the service counts. */
export const MayBeLimited = (): MethodDecorator =>
  ApiTooManyRequestsResponse({
    description: 'Too many tries; Retry-After says how many seconds to wait.',
    headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } },
  });

/** Requests to this method are limited by network or actor. Who may call at all is decided before. */
export const Limited = (limit: LimitName): MethodDecorator =>
  applyDecorators(SetMetadata(LIMITED, limit), UseGuards(LimitGuard), MayBeLimited());
