import type { Logger } from 'pino';
import type { Clock } from '../clock/index.js';
import { type KeyPair, type KeyPairSource, readKeyPair, sourceKind, UnusableKeyPair } from '../tls/index.js';

/** Milliseconds between checks: the longest a renewed certificate waits to be picked up. */
const LOOK_EVERY = 60_000;

export interface RenewedListener {
  readonly listener: 'public' | 'admin';
  readonly source: KeyPairSource;
  /** the pair at startup */
  readonly pair: KeyPair;
  /** uses another pair for new connections */
  readonly replace: (pair: KeyPair) => void;
}

/**
 * Picks up certificates that are renewed on disk. Compares file contents, so switched symlinks and copies with an old
 * date are noticed too. Reports an unusable pair once and keeps serving the previous one.
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
    if (this.#looking) return; // the file system is hanging
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

  /** Warns once per certificate. Clients will reject it, but closing the listener would help nobody. */
  tellAge(): void {
    const { validFrom, validUntil } = this.#pair;
    const now = this.clock.now();
    if (this.#aged === this.#pair || (validFrom <= now && now <= validUntil)) return;
    this.#aged = this.#pair;
    const what = now > validUntil ? 'has expired' : 'is not valid yet';
    this.logger.warn(this.#line(), `the certificate of a listener ${what}: clients will reject it`);
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
      this.logger.warn(
        { ...this.#line(), complaint },
        'a renewed certificate cannot be used; keeping the previous one',
      );
    }
  }

  #line(): Record<string, unknown> {
    const { validFrom, validUntil } = this.#pair;
    return { listener: this.of.listener, valid_from: validFrom.toISOString(), valid_until: validUntil.toISOString() };
  }
}
