import { Inject, Injectable } from '@nestjs/common';
import { CourierConfig, SelfServiceConfig, Urls } from '../../config/index.js';
import { Credentials } from '../../identity/privileged.js';
import type { Device } from '../../platform/http/index.js';
import { RATE_LIMITER, type RateLimiter, TooManyRequests } from '../../platform/rate-limit/index.js';
import { KnownNetworks } from './persistence/known-networks.js';

/**
 * Decides whether a password may be tried for an identifier, and what the attempt counts against.
 *
 * | from                                    | counts against                               | never refused because of   |
 * | --------------------------------------- | -------------------------------------------- | -------------------------- |
 * | a browser that its owner signed in with | `login_device`, before this check            | anyone else                |
 * | a network that its owner signed in from | `login_identifier`                           | people in other networks   |
 * | anywhere else                           | `login_identifier`, `login_identifier_total` |                            |
 *
 * An identifier that nobody has is treated like a stranger's.
 */
@Injectable()
export class MayGuess {
  readonly #wayOut: string | undefined;

  constructor(
    private readonly credentials: Credentials,
    private readonly networks: KnownNetworks,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    selfservice: SelfServiceConfig,
    courier: CourierConfig,
    urls: Urls,
  ) {
    const mails = courier.delivers && selfservice.flows.recovery.enabled;
    this.#wayOut = mails ? urls.public('/self-service/recovery/browser') : undefined;
  }

  /**
   * @param guessed the normalized identifier
   * @returns the identity's id if the request comes from its known browser, which gets its own place in the queue
   * @throws TooManyRequests, which suggests recovery by mail
   */
  async run(identifier: string, guessed: string, device: Device | undefined): Promise<{ ownersId?: string }> {
    try {
      if (device) {
        if (await this.#owns(device, identifier)) return { ownersId: device.identityId };
        await this.limiter.take(['login_network']);
      }
      await this.limiter.take(['login_identifier'], guessed);
      const refusal = await this.limiter.refusal('login_identifier_total', guessed);
      if (refusal && !(await this.networks.knows(guessed))) throw refusal;
      return {};
    } catch (error) {
      throw error instanceof TooManyRequests && this.#wayOut !== undefined ? error.withWayOut(this.#wayOut) : error;
    }
  }

  async #owns({ identityId, epoch }: Device, identifier: string): Promise<boolean> {
    const found = await this.credentials.passwordFor(identifier);
    return found?.identityId === identityId && found.accessEpoch === epoch;
  }
}
