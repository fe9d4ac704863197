import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';

/** A kind of request that a client repeats. */
export interface Ask {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

interface Answered {
  status: number;
}
interface Failed {
  code: string;
  /** the connection had carried an answer before, so the server had accepted it */
  kept: boolean;
}

/**
 * Clients that keep their connection, as SDKs and proxies do, and probes that open a new one each time, as load
 * balancers do.
 */
export class SteadyLoad {
  readonly statuses = new Map<number, number>();
  /** accepted requests that were not answered, and wrong answers */
  readonly faults: string[] = [];
  /** readiness over time, one entry per change; 0: nothing listens any more */
  readonly readiness: number[] = [];
  /** new connections that the kernel accepted and the server never saw */
  unseen = 0;
  #stopBegan = false;
  readonly #running: Promise<void>[] = [];

  /** From now on, refused connections are not faults. */
  stopBegins(): void {
    this.#stopBegan = true;
  }

  client(ask: Ask, pause: number): void {
    this.#running.push(this.#repeat(ask, pause));
  }

  probe(url: string): void {
    this.#running.push(this.#watch(url));
  }

  /** Resolves when no client can connect any more. */
  async over(): Promise<void> {
    await Promise.all(this.#running);
  }

  answers(...statuses: number[]): number {
    return statuses.reduce((sum, status) => sum + (this.statuses.get(status) ?? 0), 0);
  }

  async #repeat(ask: Ask, pause: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (;;) {
      const outcome = await send(ask, agent);
      if ('status' in outcome) this.#count(ask, outcome);
      else if (this.#isOver(ask, outcome)) break;
      await setTimeout(pause);
    }
    agent.destroy();
  }

  #count({ url }: Ask, { status }: Answered): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (status >= 500 && !(status === 503 && this.#stopBegan))
      this.faults.push(`${status} from ${new URL(url).pathname}`);
  }

  #isOver({ url }: Ask, { code, kept }: Failed): boolean {
    if (code === 'ECONNREFUSED' && this.#stopBegan) return true;
    if (kept || !this.#stopBegan)
      this.faults.push(`${code} on a ${kept ? 'kept' : 'new'} connection, ${new URL(url).pathname}`);
    else this.unseen++;
    return !this.#stopBegan;
  }

  async #watch(url: string): Promise<void> {
    for (let last = -1; last !== 0;) {
      const outcome = await send({ url }, new Agent({ keepAlive: false }));
      const now = 'status' in outcome ? outcome.status : outcome.code === 'ECONNREFUSED' ? 0 : last;
      if (now !== last) this.readiness.push(now);
      last = now;
      await setTimeout(10);
    }
  }
}

function send({ url, method = 'GET', headers = {}, body }: Ask, agent: Agent): Promise<Answered | Failed> {
  return new Promise((done) => {
    const sent = request(url, { method, headers, agent }, (answer) => {
      answer.on('error', (error: NodeJS.ErrnoException) =>
        done({ code: `${error.code} in the middle of an answer`, kept: true }),
      );
      answer.on('end', () => done({ status: answer.statusCode ?? 0 }));
      answer.resume();
    });
    sent.on('error', (error: NodeJS.ErrnoException) =>
      done({ code: error.code ?? error.message, kept: sent.reusedSocket }),
    );
    sent.end(body);
  });
}
