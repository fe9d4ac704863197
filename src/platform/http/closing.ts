import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { setTimeout } from 'node:timers/promises';

/** Milliseconds that requests under way get once nothing new is accepted; then their connections are cut. */
const GRACE = 5_000;
const LOOK_AGAIN = 25;

/**
 * Closes servers without failing a request that they accepted. A kept connection is first told `Connection: close` with an
 * answer: closing it unannounced would hit the request that its client is just sending.
 */
export class Closing {
  readonly #connected = new Set<Socket>();
  /** opened ahead of need, as browsers do; Node does not count them as idle and would wait for them for ever */
  readonly #silent = new Set<Socket>();
  /** still at their handshake: not yet connections to Node, which would wait for them without counting them */
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

  /** @param drain milliseconds in which kept connections are told, and new ones still accepted; it ends early when there are none */
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

  /** The socket that greets and the one that then carries requests are two; only their far end is the same. */
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

/** Accepts nothing more; resolves when the last connection is gone, or at once where it never listened. */
const close = (server: Server): Promise<void> => new Promise((done) => server.close(() => done()));
