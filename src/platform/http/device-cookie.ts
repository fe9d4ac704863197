import type { Clock } from '../clock/index.js';
import type { KeyRing } from '../keys/index.js';
import type { Caller } from './caller.js';
import { type CookieOptions, hostName, readCookie, serializeCookie } from './cookies.js';

/** Injection token for DeviceCookie. */
export const DEVICE_COOKIE = Symbol('DEVICE_COOKIE');

/** A browser in which someone has signed in. */
export interface Device {
  readonly identityId: string;
  /** id of this browser */
  readonly id: string;
  /** the identity's access epoch at sign-in; once it changes, the browser is no longer known */
  readonly epoch: number;
}

const NAME = 'regain_device';
const FORM = /^([0-9a-f-]{36})\.([0-9A-Za-z]{22})\.(\d{1,10})\.(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

/**
 * A signed cookie that marks a browser in which its owner has signed in before, so that it can be told from a
 * stranger's without a look-up. It grants no access: rate limits just count such browsers separately.
 */
export class DeviceCookie {
  readonly #name: string;

  /** @param seconds how long a browser stays known; undefined: no browser is */
  constructor(
    private readonly keys: KeyRing,
    private readonly clock: Clock,
    private readonly options: CookieOptions,
    private readonly seconds: number | undefined,
  ) {
    this.#name = hostName(NAME, options);
  }

  read(caller: Caller): Device | undefined {
    const [, identityId = '', id = '', epoch = '', made = '', mac = ''] =
      FORM.exec(readCookie(caller, this.#name) ?? '') ?? [];
    if (this.seconds === undefined || Number(made) + this.seconds <= this.#now()) return undefined;
    const given = Buffer.from(mac, 'base64url');
    if (!this.keys.verifies('device', given, identityId, id, epoch, made)) return undefined;
    return { identityId, id, epoch: Number(epoch) };
  }

  /** The `Set-Cookie` line; undefined when browsers are not remembered. */
  line({ identityId, id, epoch }: Device): string | undefined {
    if (this.seconds === undefined) return undefined;
    const parts = [identityId, id, String(epoch), String(this.#now())];
    const mac = this.keys.mac('device', ...parts).mac.toString('base64url');
    return serializeCookie(this.#name, [...parts, mac].join('.'), { ...this.options, maxAge: this.seconds });
  }

  #now(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}
