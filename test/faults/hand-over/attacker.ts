import type { Acts, Done, Ready } from './acts.js';
import { OLD, type Person, type Stage } from './stage.js';

export type Way =
  'password' | 'account' | 'code' | 'session' | 'settings' | 'new password' | 'end others' | 'refresh' | 'extend';

/**
 * One attempt of the attacker, and whether the account was theirs: they got a session, or a session was answered with
 * 2xx.
 */
export interface Try {
  readonly way: Way;
  readonly sent: number;
  readonly opened: boolean;
  readonly token?: string | undefined;
  readonly says: readonly number[];
}

const MOST_PRESSES = 4;

/**
 * Someone who knows the old password, has connected an account, reads the mailbox and has sessions. Uses all of them on
 * both nodes, as fast as answers arrive.
 */
export class Attacker {
  readonly tries: Try[] = [];
  /** tokens of all sessions that were ever theirs */
  readonly tokens: string[] = [];
  readonly #codes: { press: Ready; presses: number }[] = [];
  readonly #sessionIds: string[] = [];
  #password = OLD;
  #ways: readonly Way[];
  #running: Promise<void>[] = [];
  #stopped = false;
  #names = 0;

  private constructor(
    private readonly stage: Stage,
    private readonly acts: Acts,
    private readonly person: Person,
    ways: readonly Way[],
  ) {
    this.#ways = ways;
  }

  /** @param ways what they do; some of it revokes an administrator's link, see `also` */
  static async of(stage: Stage, acts: Acts, person: Person, ways: readonly Way[]): Promise<Attacker> {
    const attacker = new Attacker(stage, acts, person, ways);
    const { token } = await acts.signIn(stage.node, person);
    if (token === undefined) throw new Error('the old password did not work beforehand');
    await attacker.#keep(token);
    for (const node of ways.includes('code') ? stage.nodes : [])
      attacker.#codes.push({ press: await acts.mailedCode(node, person), presses: 0 });
    return attacker;
  }

  begin(loops: number): void {
    this.#running = Array.from({ length: loops }, () => this.#loop());
  }

  /** Adds further ways from now on. */
  also(...ways: Way[]): void {
    this.#ways = [...this.#ways, ...ways];
  }

  async stop(): Promise<readonly Try[]> {
    this.#stopped = true;
    await Promise.all(this.#running);
    return this.tries;
  }

  async #loop(): Promise<void> {
    while (!this.#stopped) await this.#try(this.#ways[Math.floor(Math.random() * this.#ways.length)]!);
  }

  async #try(way: Way): Promise<void> {
    const done = await this.#act(way);
    if (done === undefined) return;
    const { sent, token, says } = done;
    const opened = OPENS.has(way) ? token !== undefined : done.status >= 200 && done.status < 300;
    this.tries.push({ way, sent, opened, token, says });
    if (token !== undefined) await this.#keep(token);
  }

  async #keep(token: string): Promise<void> {
    this.tokens.push(token);
    const { body } = await this.acts.whoami(this.stage.node, token);
    if (body.id !== undefined) this.#sessionIds.push(body.id);
  }

  async #act(way: Way): Promise<Done | undefined> {
    const { node } = this.stage;
    const token = pick(this.tokens)!;
    switch (way) {
      case 'password':
        return this.acts.signIn(node, this.person, this.#password);
      case 'account':
        return this.acts.signInThere(node, this.person);
      case 'code':
        return this.#pressCode();
      case 'session':
        return this.acts.whoami(node, token);
      case 'settings':
        return this.acts.change(node, token, {
          method: 'profile',
          traits: { email: this.person.email, name: { first: `Eve ${this.#names++}` } },
        });
      case 'new password':
        return this.#setPassword(token);
      case 'end others':
        return this.acts.endOthers(node, token);
      case 'refresh':
        return (await this.acts.loginForm(node, this.person, this.#password, token))();
      case 'extend':
        return this.#extend();
    }
  }

  async #pressCode(): Promise<Done | undefined> {
    const code = pick(this.#codes.filter(({ presses }) => presses < MOST_PRESSES));
    if (code === undefined) return undefined;
    code.presses++;
    return code.press();
  }

  async #setPassword(token: string): Promise<Done> {
    const password = `a pass phrase of the intruder ${this.#names++}`;
    const done = await this.acts.setPassword(this.stage.node, token, password);
    if (done.status === 200) this.#password = password;
    return done;
  }

  async #extend(): Promise<Done | undefined> {
    const id = pick(this.#sessionIds);
    if (id === undefined) return undefined;
    const sent = performance.now();
    const extended = await this.acts.extend(this.stage.node, id);
    return { sent, answered: performance.now(), status: extended ? 200 : 404, says: [] };
  }
}

/** Ways that lead to a session of their own. */
const OPENS: ReadonlySet<Way> = new Set(['password', 'account', 'code', 'refresh']);

const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(Math.random() * from.length)];
