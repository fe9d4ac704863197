/**
 * Ip: addresses of the internet protocol as numbers, however they are written.
 *
 * Owns: the groups of an IPv6 address, the IPv4 address that two of them make, which hosts are this machine alone.
 * Does not own: what an address may do (outbound), what counts as one network (rate-limit).
 * May call: nothing.
 */
export { dotted, groupsOf } from './ip.js';
export { bindsToLoopback } from './loopback.js';
