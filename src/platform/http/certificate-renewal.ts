import type { Logger } from 'pino';
import type { Clock } from '../clock/index.js';
import { type KeyPair, type KeyPairSource, readKeyPair, sourceKind, UnusableKeyPair } from '../tls/index.js';

/** Milliseconds between two looks: as late as that a renewed certificate is taken. */
const LOOK_EVERY = 60_000;

export interface RenewedListener {
  readonly listener: 'public' | 'admin';
  readonly source: KeyPairSource;
  /** what it was started with */
  readonly pair: KeyPair;
  /** takes another one for the connections that come */
  readonly replace: (pair: KeyPair) => void;
}

/**
 * Takes certificates that were renewed on disk. Files are compared by what is in them: links that are turned round and copies
 * with an old date count as well. Something that cannot be used is said once, and the certificate before it stays.
 */
export class CertificateRenewal {
  readonly #watched: Watched[];
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(listeners: readonly RenewedListener[], logger: Logger, clock: Clock) {
    this.#watched = listeners.map((each) => new Watched(each, logger, clock));
  }

  start(): void {
    if (this.#watched.length === 0) return;
    for (const each of this.#watched) each.tellAge();
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#looking) return; // a file system that does not answer
    this.#looking = true;
    for (const each of this.#watched) await each.look();
    this.#looking = false;
  }
}

class Watched {
  #pair: KeyPair;
  #complaint = '';
  #aged: KeyPair | undefined;

  constructor(
    private readonly of: RenewedListener,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {
    this.#pair = of.pair;
  }

  async look(): Promise<void> {
    if (sourceKind(this.of.source) === 'path') await this.#read();
    this.tellAge();
  }

  /** Once for each certificate: clients refuse it, but a listener that is gone would help nobody. */
  tellAge(): void {
    const { validFrom, validUntil } = this.#pair;
    const now = this.clock.now();
    if (this.#aged === this.#pair || (validFrom <= now && now <= validUntil)) return;
    this.#aged = this.#pair;
    const what = now > validUntil ? 'has expired' : 'is not valid yet';
    this.logger.warn(this.#line(), `the certificate of a listener ${what}: clients will refuse it`);
  }

  async #read(): Promise<void> {
    try {
      const pair = await readKeyPair(this.of.source);
      this.#complaint = '';
      if (pair.cert === this.#pair.cert && pair.key === this.#pair.key) return;
      this.of.replace(pair);
      this.#pair = pair;
      this.logger.info(this.#line(), 'a renewed certificate is in use');
    } catch (error) {
      const complaint = error instanceof UnusableKeyPair ? error.message : 'unexpected error';
      if (complaint === this.#complaint) return;
      this.#complaint = complaint;
      this.logger.warn({ ...this.#line(), complaint }, 'a renewed certificate cannot be used; the one before it stays');
    }
  }

  #line(): Record<string, unknown> {
    const { validFrom, validUntil } = this.#pair;
    return { listener: this.of.listener, valid_from: validFrom.toISOString(), valid_until: validUntil.toISOString() };
  }
}
