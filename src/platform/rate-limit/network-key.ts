import { isIP } from 'node:net';
import { dotted, groupsOf } from '../ip/index.js';

/** In groups of 16 bits. A household or a rented machine has at least a /64. */
const COUNTED = 4;
/** Anyone can get a /48 on request: 65,536 networks of size /64. */
const WIDE = 3;

/** The network of an address: an IPv4 address itself, or the /64 of an IPv6 one, normalized. */
export function networkKey(address: string): string {
  const groups = groupsOfIPv6(address);
  if (!Array.isArray(groups)) return groups;
  return prefix(groups, COUNTED);
}

/** The /48 of an IPv6 address; undefined for IPv4, which has no wider network here. */
export function wideNetworkKey(address: string): string | undefined {
  const groups = groupsOfIPv6(address);
  return Array.isArray(groups) ? prefix(groups, WIDE) : undefined;
}

const prefix = (groups: readonly number[], counted: number): string =>
  `${groups
    .slice(0, counted)
    .map((group) => group.toString(16))
    .join(':')}::/${counted * 16}`;

/** The groups of an IPv6 address; IPv4 addresses, also inside IPv6, and other texts stay text. */
function groupsOfIPv6(address: string): number[] | string {
  if (isIP(address) !== 6) return address;
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? dotted(high, low) : groups;
}
