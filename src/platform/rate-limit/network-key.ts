import { isIP } from 'node:net';
import { dotted, groupsOf } from '../ip/index.js';

/** Groups of 16 bits. A /64 is what one household or one rented machine has at the least. */
const COUNTED = 4;
/** A /48 is what anybody gets who asks for more: 65,536 networks of a /64. */
const WIDE = 3;

/** What addresses of one network have in common: an IPv4 address itself, the /64 of an IPv6 one, however it is written. */
export function networkKey(address: string): string {
  const groups = groupsOfIPv6(address);
  if (!Array.isArray(groups)) return groups;
  return prefix(groups, COUNTED);
}

/** The /48 of an IPv6 address: undefined for others, which have no networks within networks. */
export function wideNetworkKey(address: string): string | undefined {
  const groups = groupsOfIPv6(address);
  return Array.isArray(groups) ? prefix(groups, WIDE) : undefined;
}

const prefix = (groups: readonly number[], counted: number): string =>
  `${groups
    .slice(0, counted)
    .map((group) => group.toString(16))
    .join(':')}::/${counted * 16}`;

/** The groups of an IPv6 address; what is none, or stands for an IPv4 one, as text. */
function groupsOfIPv6(address: string): number[] | string {
  if (isIP(address) !== 6) return address;
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? dotted(high, low) : groups;
}
