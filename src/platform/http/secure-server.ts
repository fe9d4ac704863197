import type { RequestListener, ServerOptions } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { KeyPair } from '../tls/index.js';

/** Milliseconds for the handshake; Node's own two minutes are a gift to whoever opens connections and says nothing. */
const HANDSHAKE_TIMEOUT = 5_000;

/** Node's ciphers. The version is said here, so that no flag of the process lowers it. */
const contextOf = ({ cert, key }: KeyPair) => ({ cert, key, minVersion: 'TLSv1.2' as const });

/** HTTP/1.1 over TLS, with the same limits as without. */
export function createSecureServer(pair: KeyPair, limits: ServerOptions, handler: RequestListener): Server {
  return createServer({ ...limits, ...contextOf(pair), handshakeTimeout: HANDSHAKE_TIMEOUT }, handler);
}

/** For the connections that come; those that are there keep what they have. */
export function replaceKeyPair(server: Server, pair: KeyPair): void {
  server.setSecureContext(contextOf(pair));
}
