import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { Cluster, type Node, Unexpected } from '../support/cluster.js';

export interface Storm {
  /** number of kill -9, each of a server in the middle of redemptions and creations */
  kills: number;
  /** least number of acknowledged links, most of them from servers that were then killed */
  creations: number;
  /** determines the moments of the kills */
  seed?: number;
}

/** Links being redeemed at the moment of the kill, each by two clients at once. */
const VICTIMS = 6;
const CLIENTS = 2;
/** Number of parallel creations. */
const CREATORS = 4;

/** What a client saw. `cut`: the connection ended without an answer. */
type Seen = { link: string } & ({ result: 'won'; cookie: string } | { result: 'refused' | 'cut' });

/**
 * Kills servers while they redeem and create links. After each kill, the database and a second server show what was
 * done.
 */
export class KillStorm {
  readonly figures = { kills: 0, won: 0, refused: 0, cut: 0, usedThoughCut: 0, acknowledged: 0, unacknowledged: 0 };
  readonly seed: number;
  readonly #random: () => number;
  /** acknowledged and not yet redeemed */
  readonly #links: string[] = [];
  #people: string[] = [];
  /** milliseconds of a round without a kill: until the last redemption, and until the last creation */
  #usual = { redemptions: 0, all: 0 };

  private constructor(
    private readonly cluster: Cluster,
    private readonly size: Storm,
  ) {
    this.seed = size.seed ?? randomInt(2 ** 31);
    this.#random = numbersFrom(this.seed);
  }

  static async run(size: Storm): Promise<KillStorm> {
    const cluster = await Cluster.make({ parity: true });
    const storm = new KillStorm(cluster, size);
    try {
      await storm.#all();
      return storm;
    } catch (error) {
      console.error(storm.text);
      throw error;
    } finally {
      await cluster.stop();
    }
  }

  get text(): string {
    return `seed ${this.seed}: ${JSON.stringify(this.figures)}`;
  }

  async #all(): Promise<void> {
    let node = await this.cluster.start();
    this.#people = await Promise.all(Array.from({ length: 10 }, () => node.newPerson()));
    await this.#create(node, VICTIMS * 2, () => false);
    const began = performance.now();
    await this.#round(node);
    this.#usual.all = performance.now() - began;
    while (this.figures.kills < this.size.kills) {
      const next = await this.cluster.start();
      const within = this.figures.kills % 2 === 0 ? this.#usual.redemptions : this.#usual.all;
      await this.#judge(next, await this.#round(node, this.#random() * within));
      node = next;
    }
    await this.#create(node, this.size.creations - this.figures.acknowledged, () => false);
    await this.#redeemTheRest(node);
  }

  /**
   * Runs redemptions and creations in parallel until they finish; with `killAfter`, kills the server after so many
   * milliseconds.
   */
  async #round(node: Node, killAfter?: number): Promise<Seen[]> {
    let killed = false;
    const began = performance.now();
    const links = this.#links.splice(0, VICTIMS);
    const redemptions = Promise.all(links.flatMap((link) => Array.from({ length: CLIENTS }, () => redeem(node, link))));
    const creations = this.#create(node, Math.ceil((2 * this.size.creations) / this.size.kills), () => killed);
    if (killAfter !== undefined) {
      await setTimeout(killAfter);
      killed = true;
      await node.process.end('SIGKILL');
      this.figures.kills++;
    }
    const seen = await redemptions;
    if (killAfter === undefined) this.#usual.redemptions = performance.now() - began;
    await creations;
    for (const { result } of seen) this.figures[result]++;
    return seen;
  }

  async #create(node: Node, count: number, isOver: () => boolean): Promise<void> {
    let left = count;
    const creator = async (): Promise<void> => {
      while (left-- > 0 && !isOver()) {
        const person = this.#people[left % this.#people.length]!;
        const link = await answered(node.newLink(person));
        this.figures[link === undefined ? 'unacknowledged' : 'acknowledged']++;
        if (link !== undefined) this.#links.push(link);
      }
    };
    await Promise.all(Array.from({ length: CREATORS }, creator));
  }

  /**
   * A used link has one session, an unused one none. A client with a cookie is signed in. A second server redeems what
   * is left, once.
   */
  async #judge(node: Node, seen: Seen[]): Promise<void> {
    const links = [...new Set(seen.map(({ link }) => link))];
    const found = await this.#look(links);
    for (const link of links) {
      const of = seen.filter((one) => one.link === link);
      const winners = of.filter(({ result }) => result === 'won').length;
      const { used, ...made } = found.get(flowOf(link))!;
      expect({ link: flowOf(link), ...made }).toEqual({
        link: flowOf(link),
        sessions: used ? 1 : 0,
        settings: used ? 1 : 0,
        events: used ? 1 : 0,
      });
      expect(winners).toBeLessThanOrEqual(used ? 1 : 0);
      if (used && winners === 0) this.figures.usedThoughCut++;
    }
    for (const one of seen) if (one.result === 'won') expect(await whoami(node, one.cookie)).toBe(200);
    const again = await Promise.all(links.map((link) => redeem(node, link)));
    for (const one of again) expect(one.result).not.toBe('cut');
    for (const [link, { used, sessions }] of await this.#look(links))
      expect({ link, used, sessions }).toEqual({ link, used: true, sessions: 1 });
  }

  async #redeemTheRest(node: Node): Promise<void> {
    for (const link of this.#links) {
      const results = [(await redeem(node, link)).result, (await redeem(node, link)).result];
      expect(results).toEqual(['won', 'refused']);
    }
  }

  /** By flow, in one snapshot, because a statement of the killed server may still be running. */
  async #look(
    links: string[],
  ): Promise<Map<string, { used: boolean; sessions: number; settings: number; events: number }>> {
    const rows = await this.cluster.sql<{
      flow_id: string;
      used: boolean;
      sessions: number;
      settings: number;
      events: number;
    }>(
      `SELECT flow_id, used_at IS NOT NULL AS used,
        (SELECT count(*) FROM session WHERE session.grant_id = g.id)::int AS sessions,
        (SELECT count(*) FROM settings_flow s WHERE s.identity_id = g.identity_id AND s.request_url = f.request_url)::int AS settings,
        (SELECT count(*) FROM audit_event e WHERE e.grant_id = g.id AND e.action = 'recovery.link.redeemed' AND e.outcome = 'success')::int AS events
       FROM recovery_grant g JOIN recovery_flow f ON f.id = g.flow_id WHERE flow_id = ANY($1)`,
      [links.map(flowOf)],
    );
    return new Map(rows.map(({ flow_id, ...row }) => [flow_id, row]));
  }
}

async function redeem(node: Node, link: string): Promise<Seen> {
  const answer = await answered(fetch(node.at(link), { redirect: 'manual', headers: { accept: 'text/html' } }));
  if (answer === undefined) return { link, result: 'cut' };
  await answered(answer.arrayBuffer());
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('ory_kratos_session='));
  const { pathname } = new URL(answer.headers.get('location') ?? 'about:nothing');
  if (answer.status === 303 && pathname === '/ui/settings' && cookie)
    return { link, result: 'won', cookie: cookie.split(';', 1)[0]! };
  if (answer.status === 303 && pathname === '/ui/recovery' && !cookie) return { link, result: 'refused' };
  throw new Unexpected(`a redemption was answered ${answer.status} ${pathname}`);
}

const flowOf = (link: string): string => new URL(link).searchParams.get('flow')!;

async function whoami(node: Node, cookie: string): Promise<number> {
  const answer = await fetch(node.at('http://any/sessions/whoami'), { headers: { cookie } });
  await answer.body?.cancel();
  return answer.status;
}

/** Undefined if the server was gone before it answered. */
async function answered<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof Unexpected) throw error;
    return undefined;
  }
}

/** mulberry32: the same numbers in [0, 1) for the same seed. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
