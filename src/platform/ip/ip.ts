import { isIP } from 'node:net';

const GROUPS = 8;

/**
 * The eight groups of 16 bits of an IPv6 address, with or without a zone (`%eth0`); of anything else none.
 * WHATWG's parser writes out all spellings in one way.
 */
export function groupsOf(address: string): number[] {
  if (isIP(address) !== 6) return [];
  const host = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [before = '', after = ''] = host.split('::');
  const [head, tail] = [numbersOf(before), numbersOf(after)];
  return [...head, ...Array<number>(GROUPS - head.length - tail.length).fill(0), ...tail];
}

const numbersOf = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));

/** The IPv4 address that two groups make. */
export const dotted = (high: number, low: number): string => [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
