import { BlockList, isIP } from 'node:net';
import { dotted, groupsOf } from '../ip/index.js';

/**
 * Kind of network that an address belongs to.
 * - `public`: the internet
 * - `private`: loopback, local networks, documentation and benchmark ranges
 * - `reserved`: never a legitimate target: link-local, cloud metadata, multicast, unspecified
 */
export type Network = 'public' | 'private' | 'reserved';

type Range = readonly [address: string, prefix: number];

const RESERVED_4: readonly Range[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, and metadata in most clouds
  ['100.100.100.200', 32], // metadata (Alibaba)
  ['168.63.129.16', 32], // wire server (Azure)
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const PRIVATE_4: readonly Range[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
];
const RESERVED_6: readonly Range[] = [
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
  ['fd00:ec2::254', 128], // metadata (AWS)
  ['fd20:ce::254', 128], // metadata (Google)
];
const PRIVATE_6: readonly Range[] = [
  ['::1', 128],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fec0::', 10],
];

const [reserved, privates] = [listOf(RESERVED_4, RESERVED_6), listOf(PRIVATE_4, PRIVATE_6)];

/** The network of an address in the resolver's notation; `reserved` if it is not an address. */
export function networkOf(address: string): Network {
  const plain = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(plain);
  if (family === 0) return 'reserved';
  const inner = family === 6 ? embedded(plain) : undefined;
  if (inner !== undefined) return networkOf(inner);
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  if (reserved.check(plain, kind)) return 'reserved';
  return privates.check(plain, kind) ? 'private' : 'public';
}

/** The IPv4 address inside an IPv6 one: mapped, compatible, NAT64, 6to4. Such an address is judged by the IPv4 one. */
function embedded(address: string): string | undefined {
  const groups = groupsOf(address);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups;
  const zeroes = (...from: number[]): boolean => from.every((group) => group === 0);
  if (zeroes(a, b, c, d, e) && f === 0xffff) return dotted(g, h);
  if (zeroes(a, b, c, d) && e === 0xffff && f === 0) return dotted(g, h);
  if (a === 0x64 && b === 0xff9b && zeroes(c, d, e, f)) return dotted(g, h);
  if (a === 0x2002) return dotted(b, c);
  if (zeroes(a, b, c, d, e, f) && g !== 0) return dotted(g, h);
  return undefined;
}

function listOf(four: readonly Range[], six: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of four) list.addSubnet(address, prefix, 'ipv4');
  for (const [address, prefix] of six) list.addSubnet(address, prefix, 'ipv6');
  return list;
}
