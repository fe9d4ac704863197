import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { setTimeout } from 'node:timers/promises';

/** Milliseconds for running requests once no new ones are accepted; then their connections are cut. */
const GRACE = 5_000;
const LOOK_AGAIN = 25;

/**
 * Closes servers without failing a request that they have accepted. A keep-alive connection first gets an answer with
 * `Connection: close`: closing it unannounced would break the request its client may be sending.
 */
export class Closing {
  readonly #connected = new Set<Socket>();
  /** opened in advance, as browsers do. Node does not count them as idle and would wait for them forever */
  readonly #silent = new Set<Socket>();
  /** in their TLS handshake; Node does not count them as connections yet, but would wait for them */
  readonly #greeting = new Map<string, Socket>();
  #draining = false;

  constructor(private readonly servers: readonly Server[]) {
    for (const server of servers) {
      if (server instanceof TlsServer) this.#watchHandshakes(server);
      server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) =>
        this.#opened(socket),
      );
      server.prependListener('request', (request, response) => this.#asked(request, response));
    }
  }

  /**
   * @param drain milliseconds in which keep-alive connections are told to close and new ones are still accepted; ends
   * early when none are left
   */
  async run(drain: number): Promise<void> {
    this.#draining = true;
    const told = performance.now() + drain;
    while (this.#connected.size > 0 && performance.now() < told) await setTimeout(LOOK_AGAIN);
    let open = true;
    const closed = Promise.all(this.servers.map(close)).then(() => (open = false));
    for (const socket of this.#silent) if (socket.bytesRead === 0) socket.destroy();
    for (const socket of this.#greeting.values()) socket.destroy();
    const limit = performance.now() + GRACE;
    while (open) {
      for (const server of this.servers) {
        if (performance.now() > limit) server.closeAllConnections();
        else server.closeIdleConnections();
      }
      await Promise.race([closed, setTimeout(LOOK_AGAIN)]);
    }
  }

  /** The socket of the handshake is not the one that later carries requests; only the remote end is the same. */
  #watchHandshakes(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const end = farEnd(socket);
      this.#greeting.set(end, socket);
      socket.once('close', () => this.#greeting.delete(end));
    });
    server.on('secureConnection', (socket: Socket) => this.#greeting.delete(farEnd(socket)));
  }

  #opened(socket: Socket): void {
    this.#connected.add(socket);
    this.#silent.add(socket);
    socket.once('close', () => {
      this.#connected.delete(socket);
      this.#silent.delete(socket);
    });
  }

  #asked({ socket }: IncomingMessage, response: ServerResponse): void {
    this.#silent.delete(socket);
    if (this.#draining) response.setHeader('connection', 'close');
  }
}

const farEnd = ({ remoteAddress, remotePort, localPort }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localPort}`;

/** Stops accepting connections. Resolves when the last one is gone, or at once if the server never listened. */
const close = (server: Server): Promise<void> => new Promise((done) => server.close(() => done()));
