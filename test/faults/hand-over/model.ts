import type { Ready } from './acts.js';
import { OLD } from './stage.js';

export interface Session {
  readonly token: string;
  readonly id: string;
  live: boolean;
}

export interface Grant {
  readonly by: 'admin' | 'self_service';
  readonly kind: 'link' | 'code';
  readonly press: Ready;
  state: 'good' | 'used' | 'over';
  presses: number;
  /** that it opened */
  session?: Session;
}

interface HandOver {
  session: Session;
  readonly grant: Grant;
  /** false: it was abandoned less than a day ago */
  open: boolean;
}

/** A code is compared this often. */
const MOST_PRESSES = 5;

/**
 * The expected state of one account after a sequence of commands: who gets in, who may change what, and what ends. Getters and
 * questions have no effect. Methods in the past tense record what a command did.
 */
export class Account {
  active = true;
  contained: 'all' | 'keep_mail' | undefined;
  handOver: HandOver | undefined;
  password: string | undefined = OLD;
  /** the connected account can sign in */
  connected = true;
  /** the credential goes back to a mailed grant */
  setByMailbox = false;
  readonly sessions: Session[] = [];
  readonly grants: Grant[] = [];

  /** Whether credentials can sign in. */
  get opens(): boolean {
    return this.active && this.contained === undefined && this.handOver?.open !== true;
  }

  get live(): Session[] {
    return this.sessions.filter(({ live }) => live);
  }

  /** Whether the hand-over, open or abandoned, belongs to this session. */
  owns(session: Session): boolean {
    return this.handOver?.session === session;
  }

  /** Whether the grant opens the account, for the first time or again for the same browser. */
  admits(grant: Grant): boolean {
    const first = grant.state === 'good' && (grant.kind === 'link' || grant.presses < MOST_PRESSES);
    return this.active && this.#lets(grant) && (first || this.repeats(grant));
  }

  repeats(grant: Grant): boolean {
    const own = this.handOver?.open === true && this.handOver.grant === grant;
    return grant.kind === 'link' && grant.state === 'used' && own && grant.session?.live === true;
  }

  #lets({ by }: Grant): boolean {
    if (by === 'admin') return true;
    if (this.handOver?.open && this.handOver.grant.by === 'admin') return false;
    return this.contained !== 'all';
  }

  /** Whether this live session may change credentials and end others. */
  mayChange(session: Session): boolean {
    return this.handOver === undefined || this.owns(session);
  }

  signedIn(session: Session): void {
    this.sessions.push(session);
  }

  redeemed(grant: Grant, session: Session): void {
    this.#endSessions();
    this.sessions.push(session);
    grant.state = 'used';
    grant.session = session;
    this.#withdraw(grant.by === 'self_service');
    this.handOver = { session, grant, open: true };
  }

  /** A new first credential of the person. */
  credentialSet(session: Session, credential: { password: string } | 'account'): void {
    const closes = this.owns(session);
    if (closes) {
      this.connected = false;
      this.contained = undefined;
      this.setByMailbox = this.handOver?.grant.by === 'self_service';
      this.password = undefined;
    }
    this.handOver = undefined;
    if (credential === 'account') this.connected = true;
    else this.password = credential.password;
    this.#endSessions(session);
    this.#withdraw(this.setByMailbox);
  }

  passwordGiven(password: string, lift: boolean): void {
    this.password = password;
    this.connected = false;
    this.setByMailbox = false;
    this.handOver = undefined;
    if (lift) this.contained = undefined;
    this.#endSessions();
    this.#withdraw(false);
  }

  issued(grant: Grant, contain?: 'all' | 'keep_mail'): void {
    if (contain !== undefined && this.contained === undefined) {
      this.#endSessions();
      this.#withdraw(false);
      this.handOver = undefined;
      this.contained = contain;
    } else if (contain === 'all') this.contained = 'all';
    this.grants.push(grant);
  }

  ended(session: Session): void {
    session.live = false;
  }

  othersEnded(session: Session): void {
    this.#endSessions(session);
  }

  /** By the person or an administrator, before the hand-over ends by itself. */
  cancelled(): void {
    if (!this.handOver) return;
    this.handOver.session.live = false;
    this.handOver.open = false;
  }

  /** The hand-over reached its end. */
  lapsed(): void {
    if (!this.handOver) return;
    this.handOver.open = false;
    if (this.contained !== undefined) this.handOver.session.live = false;
  }

  dayPassed(): void {
    if (this.handOver?.open === false) this.handOver = undefined;
  }

  stateSet(active: boolean): void {
    if (active === this.active) return;
    this.active = active;
    this.handOver = undefined;
    this.#endSessions();
  }

  #endSessions(but?: Session): void {
    for (const session of this.sessions) if (session !== but) session.live = false;
  }

  #withdraw(mailedOnly: boolean): void {
    for (const grant of this.grants)
      if (grant.state === 'good' && (grant.by === 'self_service' || !mailedOnly)) grant.state = 'over';
  }
}
