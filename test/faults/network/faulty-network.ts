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
 * const { held, letGo } = network.holdBack('login_complete', id);  // delays one request
 * await network.close();
 * ```
 */
export class FaultyNetwork {
  readonly #links = new Set<Link>();
  #opened = 0;
  #delay = 0;
  #lost = false;
  readonly #unanswered = new Set<Unanswered>();
  readonly #holdings = new Set<Holding>();

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

  /** Number of connections that clients have opened so far. */
  get opened(): number {
    return this.#opened;
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
    this.#unanswered.clear();
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
   * Forwards the next request that contains all of these texts (such as the name of a prepared statement and an id) and swallows
   * the complete answer, so that the request is committed. The client's connection is then reset, or stays silent.
   * @returns a promise that resolves when the answer is lost
   */
  loseAnswerTo(texts: string | readonly string[], how: 'reset' | 'silence' = 'reset'): Promise<void> {
    return new Promise((done) => void this.#unanswered.add({ texts: [texts].flat(), how, done }));
  }

  /**
   * Keeps back the next request that contains all of these texts, and whatever follows it on its connection, until `letGo`.
   * @returns `held` resolves when the request arrives
   */
  holdBack(...texts: readonly string[]): { held: Promise<void>; letGo: () => void } {
    const [came, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding: Holding = { texts, came, go };
    this.#holdings.add(holding);
    const letGo = (): void => {
      this.#holdings.delete(holding);
      go.resolve();
    };
    return { held: came.promise, letGo };
  }

  async close(): Promise<void> {
    this.server.close();
    for (const link of this.#links) link.reset();
    await once(this.server, 'close');
  }

  #carry(client: Socket): void {
    this.#opened++;
    const link = new Link(client, this.#lost ? undefined : connect({ ...this.upstream, allowHalfOpen: true }), {
      isLost: () => this.#lost,
      delay: () => this.#delay,
      unanswered: (request) => taken(this.#unanswered, request),
      holding: (request) => taken(this.#holdings, request),
      over: () => void this.#links.delete(link),
    });
    this.#links.add(link);
  }
}

/** Removes and returns the first fault whose texts the request contains. */
function taken<T extends Expected>(from: Set<T>, request: Buffer): T | undefined {
  for (const each of from) {
    if (!each.texts.every((text) => request.includes(text))) continue;
    from.delete(each);
    return each;
  }
  return undefined;
}

/** A fault that waits for a request with these texts. */
interface Expected {
  readonly texts: readonly string[];
}

interface Holding extends Expected {
  readonly came: PromiseWithResolvers<void>;
  readonly go: PromiseWithResolvers<void>;
}

interface Unanswered extends Expected {
  readonly how: 'reset' | 'silence';
  readonly done: () => void;
}

interface Weather {
  isLost(): boolean;
  delay(): number;
  unanswered(request: Buffer): Unanswered | undefined;
  holding(request: Buffer): Holding | undefined;
  over(): void;
}

/** ReadyForQuery outside a transaction: the request is committed. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** A client's connection, and the one behind it. */
class Link {
  /** a byte was lost, so nothing that follows would make sense */
  #silent: boolean;
  #swallowing: Unanswered | undefined;
  #holding: Holding | undefined;
  /** ends that nobody was told of yet */
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
    if (from === this.client && this.#held(data, to)) return;
    const delay = this.weather.delay();
    if (delay === 0) to()?.write(data);
    else setTimeout(() => void to()?.write(data), delay);
  }

  /** Whether the data has to wait, because it or something before it is kept back. */
  #held(data: Buffer, to: () => Socket | undefined): boolean {
    this.#holding ??= this.weather.holding(data);
    if (!this.#holding) return false;
    const { came, go } = this.#holding;
    came.resolve();
    void go.promise.then(() => {
      this.#holding = undefined;
      to()?.write(data);
    });
    return true;
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
