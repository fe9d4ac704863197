/**
 * - `scheme`: neither https nor an origin that the configuration names
 * - `address`: leads to a network that it must not reach
 * - `unreachable`: no such name, nobody there, or the connection broke
 * - `slow`, `large`: the answer took too long, or was too long
 */
export type OutboundTrouble = 'scheme' | 'address' | 'unreachable' | 'slow' | 'large';

/** A request that was not made, or whose answer was not taken. Holds no address: messages end up in logs. */
export class OutboundFailed extends Error {
  constructor(readonly trouble: OutboundTrouble) {
    super(`outbound request failed: ${trouble}`);
    this.name = 'OutboundFailed';
  }
}
