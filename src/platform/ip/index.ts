/**
 * Ip: internet protocol addresses as numbers, in any notation.
 *
 * Owns: the groups of an IPv6 address, the IPv4 address in two of them, which hosts are loopback.
 * Does not own: what an address may do (outbound), what counts as one network (rate-limit).
 * May call: nothing.
 */
export { dotted, groupsOf } from './ip.js';
export { bindsToLoopback, leadsToLoopback } from './loopback.js';
