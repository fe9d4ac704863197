import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { SelfServiceConfig, Urls } from '../../config/index.js';
import { Database } from '../../platform/database/index.js';
import { type Caller, queryText } from '../../platform/http/index.js';
import { KEY_RING, type KeyRing } from '../../platform/keys/index.js';
import { SessionService } from '../../session/index.js';
import { ReturnToService } from '../return-to.service.js';
import { LogoutTokenMissing, LogoutTokenWrong, SessionTokenUnknown } from './logout.errors.js';

const PREFIX = 'ory_lo_';
const TOKEN = /^ory_lo_([0-9a-f]{64})$/;

/**
 * Signs people out. A logout token is the MAC of the session's id, so it is not stored and only works for that session.
 */
@Injectable()
export class LogoutService {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionService,
    private readonly audit: AuditService,
    private readonly returnTo: ReturnToService,
    private readonly selfservice: SelfServiceConfig,
    private readonly urls: Urls,
    @Inject(KEY_RING) private readonly keys: KeyRing,
  ) {}

  /**
   * The URL that signs this browser out, and the token in it.
   * @throws SessionMissing, ReturnToForbidden
   */
  async start(caller: Caller): Promise<{ url: string; token: string }> {
    const session = await this.sessions.require(caller);
    const returnTo = this.returnTo.check(queryText(caller, 'return_to'));
    const token = PREFIX + this.keys.mac('logout', session.id).mac.toString('hex');
    return {
      url: this.urls.public('/self-service/logout', {
        ...(returnTo === undefined ? {} : { return_to: returnTo }),
        token,
      }),
      token,
    };
  }

  /**
   * Ends the request's session if the token belongs to it.
   * @throws LogoutTokenMissing, LogoutTokenWrong, SessionMissing
   */
  async submit(token: string | undefined, caller: Caller): Promise<void> {
    if (token === undefined) throw new LogoutTokenMissing();
    const session = await this.sessions.require(caller);
    const mac = Buffer.from(TOKEN.exec(token)?.[1] ?? '', 'hex');
    if (!this.keys.verifies('logout', mac, session.id)) {
      this.audit.refused('session.logout', 'identity', session.identity.id);
      throw new LogoutTokenWrong();
    }
    await this.db.transaction(async (em) => {
      if (await this.sessions.revoke(session.id)) await this.audit.record(em, event(session.identity.id));
    });
  }

  /**
   * Where a browser goes after signing out.
   * @throws ReturnToForbidden
   */
  wayOut(caller: Caller): string {
    const { after } = this.selfservice.flows.logout;
    return (
      this.returnTo.check(queryText(caller, 'return_to')) ??
      after.default_browser_return_url ??
      this.selfservice.default_browser_return_url
    );
  }

  /**
   * For native clients; a session that has already ended is not an error.
   * @throws SessionTokenUnknown
   */
  async submitNative(sessionToken: string): Promise<void> {
    await this.db.transaction(async (em) => {
      const ended = await this.sessions.revokeByToken(sessionToken);
      if (ended.kind === 'unknown') throw new SessionTokenUnknown();
      if (ended.kind === 'revoked') await this.audit.record(em, event(ended.identityId));
    });
  }
}

const event = (identityId: string) =>
  ({ action: 'session.logout', outcome: 'success', targetType: 'identity', targetId: identityId }) as const;
