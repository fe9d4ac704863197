import { isIP } from 'node:net';
import { dotted, groupsOf } from '../ip/index.js';

/** Of 16 bits: a /64, which is what one household or one rented machine has at the least. */
const COUNTED = 4;

/** What addresses of one network have in common: an IPv4 address itself, the /64 of an IPv6 one, however it is written. */
export function networkKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return dotted(high, low);
  return `${groups
    .slice(0, COUNTED)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}
