import type { Acts, Done, Ready } from './acts.js';
import { OLD, type Person, type Stage } from './stage.js';

/** `code`: a code mailed beforehand; `mailbox`: a code requested now. */
export type Way =
  | 'password'
  | 'account'
  | 'code'
  | 'mailbox'
  | 'session'
  | 'settings'
  | 'new password'
  | 'new address'
  | 'end others'
  | 'refresh'
  | 'extend';

/** Ways that end in a session of their own. */
const OPENS: ReadonlySet<Way> = new Set(['password', 'account', 'code', 'mailbox', 'refresh']);
/** Ways that need a session. */
const NEEDS: ReadonlySet<Way> = new Set([
  'session',
  'settings',
  'new password',
  'new address',
  'end others',
  'refresh',
]);

/**
 * One attempt of the attacker, and whether the account was theirs: they got a session, or a session was answered with
 * 2xx.
 */
export interface Try {
  readonly way: Way;
  readonly sent: number;
  readonly opened: boolean;
}

const MOST_PRESSES = 4;

/** Someone who uses every way into an account that they have, on both nodes, as fast as answers arrive. */
export class Attacker {
  readonly tries: Try[] = [];
  /** tokens of all sessions that were ever theirs */
  readonly tokens: string[] = [];
  /** the last one they set, otherwise the old one */
  password = OLD;
  readonly #codes: { press: Ready; presses: number }[] = [];
  readonly #sessionIds: string[] = [];
  #ways: readonly Way[];
  #email: string;
  #running: Promise<void>[] = [];
  #stopped = false;
  #changes = 0;

  private constructor(
    private readonly stage: Stage,
    private readonly acts: Acts,
    private readonly person: Person,
    ways: readonly Way[],
  ) {
    this.#ways = ways;
    this.#email = person.email;
  }

  static async of(stage: Stage, acts: Acts, person: Person, ways: readonly Way[]): Promise<Attacker> {
    const attacker = new Attacker(stage, acts, person, ways);
    if (ways.includes('password')) {
      const { token } = await acts.signIn(stage.node, person);
      if (token === undefined) throw new Error('the old password opened nothing beforehand');
      await attacker.#keep(token);
    }
    for (const node of ways.includes('code') ? stage.nodes : [])
      attacker.#codes.push({ press: await acts.mailedCode(node, person), presses: 0 });
    return attacker;
  }

  /** Attacks in `loops` parallel loops while `during` runs, and stops when it ends or fails. */
  async while<T>(loops: number, during: () => Promise<T>): Promise<T> {
    this.#running = Array.from({ length: loops }, () => this.#loop());
    try {
      return await during();
    } finally {
      this.finish();
      await Promise.all(this.#running);
    }
  }

  /** Adds further ways from now on. */
  also(...ways: Way[]): void {
    this.#ways = [...this.#ways, ...ways];
  }

  /** Starts no further attempts. */
  finish(): void {
    this.#stopped = true;
  }

  async #loop(): Promise<void> {
    while (!this.#stopped) await this.act(pick(this.#ways)!);
  }

  /** One attempt; none if it needs a session and they have none. */
  async act(way: Way): Promise<void> {
    const token = pick(this.tokens);
    if (token === undefined && NEEDS.has(way)) return;
    const done = await this.#does(way, token!);
    if (done === undefined) return;
    const opened = OPENS.has(way) ? done.token !== undefined : done.status >= 200 && done.status < 300;
    this.tries.push({ way, sent: done.sent, opened });
    if (done.token !== undefined) await this.#keep(done.token);
  }

  async #keep(token: string): Promise<void> {
    this.tokens.push(token);
    const { body } = await this.acts.whoami(this.stage.node, token);
    if (body.id !== undefined) this.#sessionIds.push(body.id);
  }

  async #does(way: Way, token: string): Promise<Done | undefined> {
    const { node } = this.stage;
    switch (way) {
      case 'password':
        return this.acts.signIn(node, this.person, this.password);
      case 'account':
        return this.acts.signInThere(node, this.person);
      case 'code':
        return this.#pressCode();
      case 'mailbox':
        return (await this.acts.mailedCode(node, { ...this.person, email: this.#email }))();
      case 'session':
        return this.acts.whoami(node, token);
      case 'settings':
        return this.#setProfile(token, { email: this.#email, name: { first: `Eve ${this.#changes++}` } });
      case 'new password':
        return this.#setPassword(token);
      case 'new address':
        return this.#setAddress(token);
      case 'end others':
        return this.acts.endOthers(node, token);
      case 'refresh':
        return (await this.acts.loginForm(node, this.person, this.password, token))();
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

  #setProfile(token: string, traits: object): Promise<Done> {
    return this.acts.change(this.stage.node, token, { method: 'profile', traits });
  }

  async #setPassword(token: string): Promise<Done> {
    const password = `a pass phrase of the intruder ${this.#changes++}`;
    const done = await this.acts.setPassword(this.stage.node, token, password);
    if (done.status === 200) this.password = password;
    return done;
  }

  async #setAddress(token: string): Promise<Done> {
    const email = `eve.${this.#changes++}.${this.person.email}`;
    const done = await this.#setProfile(token, { email });
    if (done.status === 200) this.#email = email;
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

const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(Math.random() * from.length)];
