import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Outbound, OutboundFailed } from '../../platform/outbound/index.js';

const MILLISECONDS = 500;
/** Bytes; a padded answer has about 40,000. */
const LARGEST = 262_144;

/** The lookup of a password failed. */
export class LookupFailed extends Error {
  /** @param code what happened, for the log: `slow`, `unreachable`, `large`, `status 503`, … */
  constructor(readonly code: string) {
    super(`password lookup failed: ${code}`);
    this.name = 'LookupFailed';
  }
}

/**
 * Asks Have I Been Pwned how often a password has leaked. Only the first five characters of its SHA-1 leave the server
 * (k-anonymity), and the answer is padded.
 */
@Injectable()
export class Breaches implements OnApplicationShutdown {
  protected readonly time: number = MILLISECONDS;
  readonly #outbound = new Outbound();

  /**
   * Resolves to how often the password was seen in breaches.
   * @throws LookupFailed if no usable answer arrives within 500 ms
   */
  async count(password: string, host: string): Promise<number> {
    const sha1 = createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase();
    const answer = await this.range(`https://${host}`, sha1.slice(0, 5));
    return countIn(answer, sha1.slice(5));
  }

  /**
   * The lines `SUFFIX:COUNT` for a prefix.
   * @param server URL from the configuration
   */
  protected async range(server: string, prefix: string): Promise<string> {
    const rules = { origins: [new URL(server).origin], privateNetworks: false, exceptions: [] };
    const response = await this.#outbound
      .fetch(`${server}/range/${prefix}`, rules, {
        headers: { 'add-padding': 'true', 'user-agent': 'regain' },
        time: this.time,
        size: LARGEST,
      })
      .catch((error: unknown) => {
        throw new LookupFailed(error instanceof OutboundFailed ? error.trouble : 'unknown');
      });
    if (!response.ok) throw new LookupFailed(`status ${response.status}`);
    // An unrequested compressed body would otherwise read as an answer without leaks.
    if (response.headers.has('content-encoding')) throw new LookupFailed('encoded');
    return response.text();
  }

  onApplicationShutdown(): Promise<void> {
    return this.#outbound.onApplicationShutdown();
  }
}

/** 0 if the suffix is not listed; padding lines have the count 0. */
export function countIn(lines: string, suffix: string): number {
  const line = lines.split(/\r?\n/).find((each) => each.toUpperCase().startsWith(`${suffix}:`));
  const count = Number(line?.slice(suffix.length + 1) ?? 0);
  return Number.isFinite(count) ? count : 0;
}
