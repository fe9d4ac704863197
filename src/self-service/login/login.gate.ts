import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Device, DEVICE_COOKIE, type DeviceCookie } from '../../platform/http/index.js';
import { RATE_LIMITER, type RateLimiter } from '../../platform/rate-limit/index.js';

const known = new WeakMap<FastifyRequest, Device>();

/** The known browser that a form came from, where it is still within its own limit. Whose it is, is not looked up yet. */
export const deviceOf = (request: FastifyRequest): Device | undefined => known.get(request);

/**
 * Counts a submitted form before it is read: against its network or, for a browser that somebody has signed in with, against that
 * browser alone. Strangers of the same network do not use up what an owner may do.
 */
@Injectable()
export class LoginGate implements CanActivate {
  constructor(
    @Inject(DEVICE_COOKIE) private readonly devices: DeviceCookie,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const device = this.devices.read(request);
    if (device && (await this.limiter.allows('login_device', device.id))) known.set(request, device);
    else await this.limiter.take(['login_network']);
    return true;
  }
}
