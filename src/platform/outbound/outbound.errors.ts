/**
 * - `scheme`: neither https nor an origin that the configuration names
 * - `address`: leads to a network that it must not reach
 * - `unreachable`: no such name, nobody there, or the connection broke
 * - `slow`, `large`: the answer took too long, or was too long
 */
type OutboundTrouble = 'scheme' | 'address' | 'unreachable' | 'slow' | 'large';

/** A request that was not made, or whose answer was not taken. Holds no address: messages end up in logs. */
export class OutboundFailed extends Error {
  /**
   * @param code of the system, of TLS or of the HTTP client, such as ECONNREFUSED; absent where it was ours to refuse
   * @param sent whether anybody may have got the request
   */
  constructor(
    readonly trouble: OutboundTrouble,
    readonly code?: string,
    readonly sent = false,
  ) {
    super(`outbound request failed: ${trouble}`);
    this.name = 'OutboundFailed';
  }
}
