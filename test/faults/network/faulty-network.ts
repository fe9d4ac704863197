import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/**
 * A TCP proxy between a program and its PostgreSQL that fails on command.
 *
 * ```ts
 * const network = await FaultyNetwork.before(database.url);
 * const app = await startTestApp({ databaseUrl: network.url });
 * network.lose();          // a black hole: nothing passes, nobody is told
 * network.heal();          // new connections work; those that lost a byte stay silent
 * network.forget();        // half-open: existing connections stay silent for good, as behind a restarted NAT
 * network.delay(50);       // milliseconds to add in each direction
 * network.reset();         // RST to every client
 * network.halfClose();     // FIN to every client; what it sends still arrives
 * const lost = network.loseAnswerTo('redeem_recovery_link');  // the server commits, the client is not told
 * await network.close();
 * ```
 */
export class FaultyNetwork {
  readonly #links = new Set<Link>();
  #delay = 0;
  #lost = false;
  #unanswered: Unanswered | undefined;

  private constructor(
    private readonly server: Server,
    /** the DSN through this network */
    readonly url: string,
    private readonly upstream: { path: string } | { host: string; port: number },
  ) {
    server.on('connection', (client: Socket) => this.#carry(client));
  }

  /** @param url of a PostgreSQL on a socket or a port */
  static async before(url: string): Promise<FaultyNetwork> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const target = new URL(url);
    const host = decodeURIComponent(target.hostname);
    const port = Number(target.port || 5432);
    const through = new URL(url);
    through.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
    const upstream = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
    return new FaultyNetwork(server, through.href, upstream);
  }

  /** Number of connections being forwarded. */
  get connections(): number {
    return this.#links.size;
  }

  /** Delays everything sent from now on, in both directions. */
  delay(milliseconds: number): void {
    this.#delay = milliseconds;
  }

  /** Drops everything, including closes. New clients get a connection on which no one answers. */
  lose(): void {
    this.#lost = true;
  }

  /** Stops forwarding for existing connections; new ones work. */
  forget(): void {
    for (const link of this.#links) link.silence();
  }

  /** Ends every fault. Dropped ends of connections arrive now; dropped bytes never do. */
  heal(): void {
    this.#lost = false;
    this.#delay = 0;
    this.#unanswered = undefined;
    for (const link of this.#links) link.tellEnds();
  }

  /** Breaks every connection: the client gets ECONNRESET, the server a closed connection. */
  reset(): void {
    for (const link of this.#links) link.reset();
  }

  /** Tells every client that the server has finished, although it has not. */
  halfClose(): void {
    for (const { client } of this.#links) client.end();
  }

  /**
   * Forwards the next request that contains `text` (such as the name of a prepared statement) and swallows the complete
   * answer, so that the request is committed. The client's connection is then reset, or stays silent.
   * @returns a promise that resolves when the answer is lost
   */
  loseAnswerTo(text: string, how: 'reset' | 'silence' = 'reset'): Promise<void> {
    return new Promise((done) => (this.#unanswered = { text, how, done }));
  }

  async close(): Promise<void> {
    this.server.close();
    for (const link of this.#links) link.reset();
    await once(this.server, 'close');
  }

  #carry(client: Socket): void {
    const link = new Link(client, this.#lost ? undefined : connect({ ...this.upstream, allowHalfOpen: true }), {
      isLost: () => this.#lost,
      delay: () => this.#delay,
      unanswered: (request) => this.#match(request),
      over: () => void this.#links.delete(link),
    });
    this.#links.add(link);
  }

  #match(request: Buffer): Unanswered | undefined {
    const found = this.#unanswered;
    if (!found || !request.includes(found.text)) return undefined;
    this.#unanswered = undefined;
    return found;
  }
}

interface Unanswered {
  readonly text: string;
  readonly how: 'reset' | 'silence';
  readonly done: () => void;
}

interface Weather {
  isLost(): boolean;
  delay(): number;
  unanswered(request: Buffer): Unanswered | undefined;
  over(): void;
}

/** ReadyForQuery outside a transaction: the request is committed. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** A client's connection, and the one behind it. */
class Link {
  /** a byte was lost, so nothing that follows would make sense */
  #silent: boolean;
  #swallowing: Unanswered | undefined;
  /** ended sockets whose other side has not been told */
  readonly #ended = new Set<Socket>();

  constructor(
    readonly client: Socket,
    private readonly server: Socket | undefined,
    private readonly weather: Weather,
  ) {
    this.#silent = server === undefined;
    this.#listen(client, () => server);
    if (server) this.#listen(server, () => client);
  }

  reset(): void {
    this.client.resetAndDestroy();
    this.server?.destroy();
    this.weather.over();
  }

  silence(): void {
    this.#silent = true;
  }

  tellEnds(): void {
    for (const socket of this.#ended) this.#end(socket);
  }

  #listen(from: Socket, to: () => Socket | undefined): void {
    from.on('data', (data: Buffer) => this.#pass(data, from, to));
    from.on('error', () => undefined);
    from.on('end', () => this.#over(from));
    from.on('close', () => this.#over(from));
  }

  #pass(data: Buffer, from: Socket, to: () => Socket | undefined): void {
    if (this.weather.isLost()) this.#silent = true;
    if (this.#silent) return;
    if (from === this.client) this.#swallowing ??= this.weather.unanswered(data);
    else if (this.#swallowing) return this.#swallow(data, this.#swallowing);
    const delay = this.weather.delay();
    if (delay === 0) to()?.write(data);
    else setTimeout(() => void to()?.write(data), delay);
  }

  #swallow(answer: Buffer, { how, done }: Unanswered): void {
    if (!answer.subarray(-READY.length).equals(READY)) return;
    this.#silent = true;
    if (how === 'reset') this.reset();
    done();
  }

  #over(socket: Socket): void {
    this.#ended.add(socket);
    if (!this.weather.isLost()) setTimeout(() => this.#end(socket), this.weather.delay());
  }

  /** Either end closes both; a half-close towards the client is a separate fault. */
  #end(socket: Socket): void {
    if (socket === this.server && !this.#silent) this.client.end();
    if (socket !== this.client && this.#silent) return;
    this.server?.destroySoon();
    this.client.destroySoon();
    this.weather.over();
  }
}
