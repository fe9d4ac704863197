import { isIP } from 'node:net';

const GROUPS = 8;
/** Of 16 bits: a /64, which is what one household or one rented machine has at the least. */
const COUNTED = 4;

/** What addresses of one network have in common: an IPv4 address itself, the /64 of an IPv6 one, however it is written. */
export function networkKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const groups = groupsOf(address.split('%', 1)[0]!);
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  return `${groups
    .slice(0, COUNTED)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

function groupsOf(address: string): number[] {
  const [before = '', after] = address.split('::', 2);
  const head = numbersOf(before);
  const tail = numbersOf(after ?? '');
  return [...head, ...Array<number>(GROUPS - head.length - tail.length).fill(0), ...tail];
}

/** The last four bytes may be written as an IPv4 address. */
function numbersOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}
