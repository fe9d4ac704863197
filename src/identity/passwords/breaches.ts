import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';

const MILLISECONDS = 500;
const LARGEST_CHARACTERS = 1_000_000;

/**
 * Asks have-i-been-pwned how often a password has leaked. Only the first five characters of its SHA-1 leave the
 * server (k-anonymity), and the answer is padded.
 */
@Injectable()
export class Breaches {
  /** How often it was seen. Rejects when no usable answer comes within 500 ms. */
  async count(password: string, host: string): Promise<number> {
    const sha1 = createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase();
    const answer = await this.range(host, sha1.slice(0, 5));
    return countIn(answer, sha1.slice(5));
  }

  /** The lines `SUFFIX:COUNT` of a prefix. */
  protected async range(host: string, prefix: string): Promise<string> {
    const response = await fetch(`https://${host}/range/${prefix}`, {
      headers: { 'add-padding': 'true', 'user-agent': 'regain' },
      redirect: 'error',
      signal: AbortSignal.timeout(MILLISECONDS),
    });
    if (!response.ok) throw new Error(`the range lookup answered ${response.status}`);
    return (await response.text()).slice(0, LARGEST_CHARACTERS);
  }
}

/** 0 where the suffix is not listed; padding lines have the count 0. */
export function countIn(lines: string, suffix: string): number {
  const line = lines.split(/\r?\n/).find((each) => each.toUpperCase().startsWith(`${suffix}:`));
  const count = Number(line?.slice(suffix.length + 1) ?? 0);
  return Number.isFinite(count) ? count : 0;
}
