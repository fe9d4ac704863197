import type { RequestListener, ServerOptions } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { KeyPair } from '../tls/index.js';

/**
 * Milliseconds for the handshake. Node's default of two minutes favors clients that open connections and stay silent.
 */
const HANDSHAKE_TIMEOUT = 5_000;

/** Node's default ciphers. Sets the version explicitly, so that no process flag can lower it. */
const contextOf = ({ cert, key }: KeyPair) => ({ cert, key, minVersion: 'TLSv1.2' as const });

/** HTTP/1.1 over TLS, with the same limits as plain HTTP. */
export function createSecureServer(pair: KeyPair, limits: ServerOptions, handler: RequestListener): Server {
  return createServer({ ...limits, ...contextOf(pair), handshakeTimeout: HANDSHAKE_TIMEOUT }, handler);
}

/** Applies to new connections; open ones keep their certificate. */
export function replaceKeyPair(server: Server, pair: KeyPair): void {
  server.setSecureContext(contextOf(pair));
}
