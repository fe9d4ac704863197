import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type Caller, type Device, DEVICE_COOKIE, type DeviceCookie } from '../../platform/http/index.js';
import { RATE_LIMITER, type RateLimiter } from '../../platform/rate-limit/index.js';

const known = new WeakMap<Caller, Device>();

/** The known browser that sent the form, while it is within its own limit. Its owner is not looked up here. */
export const deviceOf = (caller: Caller): Device | undefined => known.get(caller);

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
    const caller = context.switchToHttp().getRequest<Caller>();
    const device = this.devices.read(caller);
    if (device && (await this.limiter.allows('login_device', device.id))) known.set(caller, device);
    else await this.limiter.take(['login_network']);
    return true;
  }
}
