import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Device, DEVICE_COOKIE, type DeviceCookie } from '../../platform/http/index.js';
import { RATE_LIMITER, type RateLimiter } from '../../platform/rate-limit/index.js';

const known = new WeakMap<FastifyRequest, Device>();

/** The known browser that sent the form, while it is within its own limit. Its owner is not looked up here. */
export const deviceOf = (request: FastifyRequest): Device | undefined => known.get(request);

/**
 * Counts a submitted form before it is read: against its network, or, if someone has signed in with this browser,
 * against the browser alone. So strangers in the same network can't use up the owner's limit.
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
