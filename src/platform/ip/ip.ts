import { isIP } from 'node:net';

const GROUPS = 8;

/**
 * The eight 16-bit groups of an IPv6 address, with or without a zone (`%eth0`); an empty list for anything else.
 * WHATWG's URL parser normalizes every notation.
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

/** The IPv4 address in two groups. */
export const dotted = (high: number, low: number): string => [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
