import { Injectable } from '@nestjs/common';
import { SessionConfig, Urls } from '../config/index.js';
import { Database } from '../platform/database/index.js';
import { Unauthorized } from '../platform/errors/index.js';
import { type Caller, CurrentRequest } from '../platform/http/index.js';
import { digest } from '../platform/keys/index.js';
import { ResolveSession } from './hot/resolve-session.js';
import { SessionSchema } from './persistence/session.entities.js';
import { SessionCookie } from './session.cookie.js';
import { lacksSecondFactor } from './session.aal.js';
import { SecondFactorRequired, SessionMissing } from './session.errors.js';
import { isSessionToken } from './session.token.js';
import type { IssuedSession, NewSession, SessionView } from './session.view.js';
import { IssueSession } from './hot/issue-session.js';

/** The session module's interface for other modules. */
@Injectable()
export class SessionService {
  constructor(
    private readonly db: Database,
    private readonly current: CurrentRequest,
    private readonly resolveSession: ResolveSession,
    private readonly issueSession: IssueSession,
    private readonly sessionCookie: SessionCookie,
    private readonly config: SessionConfig,
    private readonly urls: Urls,
  ) {}

  /** The request's session token: `X-Session-Token`, else a bearer session token, else the cookie. */
  tokenOf(caller: Caller): string | undefined {
    const header = [caller.headers['x-session-token']].flat().at(0);
    if (header) return header;
    const bearer = /^bearer +(\S+)$/i.exec(caller.headers.authorization ?? '')?.[1];
    return bearer !== undefined && isSessionToken(bearer) ? bearer : this.sessionCookie.read(caller);
  }

  /** The request's live session, or undefined. Sets the session's identity as the request's actor. */
  async resolve(caller: Caller): Promise<SessionView | undefined> {
    const token = this.tokenOf(caller);
    const session = token === undefined ? undefined : await this.resolveSession.run(token);
    if (session && this.current.actor.type === 'anonymous') {
      this.current.actAs({ type: 'session', id: session.id, label: session.identity.id });
    }
    return session;
  }

  /** @throws SessionMissing */
  async require(caller: Caller, reason?: string): Promise<SessionView> {
    const session = await this.resolve(caller);
    if (!session) throw new SessionMissing(reason);
    return session;
  }

  /**
   * For gateways that check who is signed in.
   * @throws Unauthorized, SecondFactorRequired
   */
  async whoami(caller: Caller): Promise<SessionView> {
    const session = await this.resolve(caller);
    if (!session) throw new Unauthorized('No valid session credentials found in the request.');
    if (this.config.whoami.required_aal === 'highest_available' && lacksSecondFactor(session))
      throw new SecondFactorRequired(this.urls);
    return session;
  }

  /** The live session of a newly issued token. */
  async ofToken(token: string): Promise<SessionView | undefined> {
    return this.resolveSession.run(token);
  }

  /**
   * Issues a session with a new token. Runs as a statement of its own, not in a transaction.
   * @throws SessionMissing if the identity is unknown or inactive
   */
  async issue(session: NewSession): Promise<IssuedSession> {
    const token = await this.issueSession.run(session);
    const view = token === undefined ? undefined : await this.resolveSession.run(token);
    if (token === undefined || view === undefined) throw new SessionMissing();
    return { view, token };
  }

  /** Resolves to true if this call ended the session. */
  async revoke(sessionId: string): Promise<boolean> {
    const ended = await this.db.transaction((em) =>
      em.nativeUpdate(SessionSchema, { id: sessionId, active: true }, { active: false }),
    );
    return ended === 1;
  }

  async revokeByToken(
    token: string,
  ): Promise<{ kind: 'revoked' | 'already'; identityId: string } | { kind: 'unknown' }> {
    if (!isSessionToken(token)) return { kind: 'unknown' };
    return this.db.transaction(async (em) => {
      const known = await em.findOne(SessionSchema, { tokenDigest: digest(token) }, { fields: ['id', 'identityId'] });
      if (!known) return { kind: 'unknown' };
      return { kind: (await this.revoke(known.id)) ? 'revoked' : 'already', identityId: known.identityId };
    });
  }

  /** Ends the identity's other sessions; resolves to how many. */
  async endOthers(identityId: string, exceptId: string): Promise<number> {
    return this.db.transaction((em) =>
      em.nativeUpdate(SessionSchema, { identityId, active: true, id: { $ne: exceptId } }, { active: false }),
    );
  }

  /** The `Set-Cookie` line that gives a browser its session. */
  cookie(token: string): string {
    return this.sessionCookie.line(token);
  }

  clearCookie(): string {
    return this.sessionCookie.clear();
  }
}
