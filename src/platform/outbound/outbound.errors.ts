/**
 * - `scheme`: neither https nor an origin that the configuration names
 * - `address`: resolves to a network that is not allowed
 * - `unreachable`: unknown name, no connection, or a broken one
 * - `slow`, `large`: the answer took too long, or was too large
 */
type OutboundTrouble = 'scheme' | 'address' | 'unreachable' | 'slow' | 'large';

/**
 * Thrown when a request was not sent, or its answer was rejected. Contains no address, because messages end up in logs.
 */
export class OutboundFailed extends Error {
  /**
   * @param code from the system, TLS or the HTTP client, such as ECONNREFUSED; absent if we refused to connect
   * @param sent whether the request may have reached anyone
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
