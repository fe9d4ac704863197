import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { HashersConfig, SelfServiceConfig } from '../../config/index.js';
import { Clock } from '../../platform/clock/index.js';
import { Unavailable } from '../../platform/errors/index.js';
import type { StoredMessage } from '../../platform/flow/index.js';
import { LOGGER } from '../../platform/http/index.js';
import { MessageId } from '../../platform/ui/index.js';
import { Breaches, LookupFailed } from './breaches.js';
import { BCRYPT_BYTES } from './hash-formats.js';
import { isTooSimilar } from './similarity.js';

/** Characters. */
export const LONGEST_PASSWORD = 1_024;
/** Milliseconds between two log lines about failed lookups: while the service is down, every lookup fails. */
const QUIET = 60_000;

/**
 * Decides which passwords a person may choose. Length counts characters, not bytes; there are no rules about character
 * classes.
 */
@Injectable()
export class PasswordPolicy {
  /** lookups that failed since the last log line, and when the next line may be written */
  #failed = 0;
  #quietUntil = -Infinity;

  constructor(
    private readonly selfservice: SelfServiceConfig,
    private readonly hashers: HashersConfig,
    private readonly breaches: Breaches,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * The first rule that the password breaks; undefined if it is accepted.
   * @param identifiers the identity's identifiers, which are public knowledge
   * @throws Unavailable if the breach lookup is mandatory and fails
   */
  async check(password: string, identifiers: readonly string[]): Promise<StoredMessage | undefined> {
    const rules = this.selfservice.methods.password.config;
    const length = [...password].length;
    if (length < rules.min_password_length)
      return {
        id: MessageId.PasswordTooShort,
        context: { actual_length: length, min_length: rules.min_password_length },
      };
    const tooLong = this.#tooLong(password, length);
    if (tooLong) return tooLong;
    if (rules.identifier_similarity_check_enabled && identifiers.some((each) => isTooSimilar(password, each)))
      return { id: MessageId.PasswordTooSimilar };
    if (rules.haveibeenpwned_enabled && (await this.#breached(password))) return { id: MessageId.PasswordBreached };
    return undefined;
  }

  #tooLong(password: string, length: number): StoredMessage | undefined {
    const bytes = Buffer.byteLength(password);
    if (length > LONGEST_PASSWORD)
      return { id: MessageId.PasswordTooLong, context: { actual_length: length, max_length: LONGEST_PASSWORD } };
    if (this.hashers.algorithm === 'bcrypt' && bytes > BCRYPT_BYTES)
      return { id: MessageId.PasswordTooLong, context: { actual_length: bytes, max_length: BCRYPT_BYTES } };
    return undefined;
  }

  async #breached(password: string): Promise<boolean> {
    const { haveibeenpwned_host, ignore_network_errors, max_breaches } = this.selfservice.methods.password.config;
    try {
      return (await this.breaches.count(password, haveibeenpwned_host)) > max_breaches;
    } catch (error) {
      this.#note(error instanceof LookupFailed ? error.code : 'unknown', ignore_network_errors);
      if (ignore_network_errors) return false;
      throw new Unavailable('The password could not be checked against known data breaches. Please try again.', 5);
    }
  }

  /** Logs nothing about the password, not even the prefix that the lookup would have sent. */
  #note(code: string, accepted: boolean): void {
    this.#failed += 1;
    const now = this.clock.monotonic();
    if (now < this.#quietUntil) return;
    this.logger.warn(
      { code, failed: this.#failed, accepted },
      'passwords were not checked against known data breaches',
    );
    this.#failed = 0;
    this.#quietUntil = now + QUIET;
  }
}
