import { Injectable } from '@nestjs/common';
import { FeatureFlagsConfig } from '../config/index.js';
import { IdentityService } from '../identity/index.js';
import { MissingRow } from '../platform/errors/index.js';
import { isUuid } from '../platform/flow/index.js';
import { readUuid } from '../platform/http/index.js';
import { type PagedList, PageTokens } from '../platform/paging/index.js';
import { EndOthers } from './hot/end-others.js';
import { BEFORE_ALL, type OfIdentity, SessionReader } from './persistence/session.reader.js';
import { NobodySignedIn, OthersKept, OwnSessionKept, SessionQueryRefused } from './session.errors.js';
import type { Expand, NumberedQuery, SessionQuery } from './session.query.js';
import type { SessionView, StoredSession } from './session.view.js';
import { DeleteSessions } from './steps/delete-sessions.js';
import { ExtendSession } from './steps/extend-session.js';
import { RevokeSession } from './steps/revoke-session.js';

export interface SessionPage {
  readonly sessions: readonly StoredSession[];
  readonly firstPageToken: string;
  /** absent on the last page */
  readonly nextPageToken?: string;
}

export interface NumberedPage {
  readonly sessions: readonly StoredSession[];
  /** number of sessions on all pages */
  readonly total: number;
  /** starts at 1 */
  readonly page: number;
  /** number of sessions on a page: as requested, or fewer if their identities are large */
  readonly size: number;
  /** token for another page of the same list */
  token(page: number): string;
}

/** Lists and ends sessions, for administrators and for the people they belong to. */
@Injectable()
export class SessionDirectory {
  constructor(
    private readonly reader: SessionReader,
    private readonly identities: IdentityService,
    private readonly pageTokens: PageTokens,
    private readonly revokeSession: RevokeSession,
    private readonly endOthers: EndOthers,
    private readonly deleteSessions: DeleteSessions,
    private readonly extendSession: ExtendSession,
    private readonly flags: FeatureFlagsConfig,
  ) {}

  /**
   * Finds a session in any state.
   * @throws MissingRow
   */
  async get(id: string, expand: Expand): Promise<StoredSession> {
    const session = isUuid(id) ? await this.reader.byId(id, expand.devices) : undefined;
    if (session === undefined) throw new MissingRow();
    return expand.identity ? { ...session, identity: await this.identities.get(session.identityId) } : session;
  }

  /** @throws SessionQueryRefused if the page token was not issued by this server */
  async list({ active, expand, pageSize, pageToken }: SessionQuery): Promise<SessionPage> {
    const list = { name: 'sessions', question: [filter(active)] };
    const after = pageToken === undefined ? BEFORE_ALL : this.#open(list, pageToken);
    const rows = await this.reader.after(after, active, pageSize + 1, expand.devices);
    const shown = rows.slice(0, pageSize);
    const sessions = expand.identity ? await this.#withIdentities(shown) : shown;
    const last = rows.length > sessions.length ? shown[sessions.length - 1] : undefined;
    return {
      sessions: sessions.filter((session) => session !== undefined),
      firstPageToken: this.pageTokens.sign(list, BEFORE_ALL),
      ...(last === undefined ? {} : { nextPageToken: this.pageTokens.sign(list, last.id) }),
    };
  }

  /**
   * An identity's sessions with identity and devices; empty for an unknown identity.
   * @throws SessionQueryRefused if the page token was not issued by this server
   */
  async ofIdentity(identityId: string, query: NumberedQuery): Promise<NumberedPage> {
    return this.#numbered({ identityId, active: query.active }, query);
  }

  /**
   * The same person's other live sessions.
   * @throws SessionQueryRefused if the page token was not issued by this server
   */
  async others({ id, identity }: SessionView, query: NumberedQuery): Promise<NumberedPage> {
    return this.#numbered({ identityId: identity.id, active: true, except: id }, query);
  }

  /** @throws MissingRow */
  async revoke(id: string): Promise<void> {
    if (!(await this.revokeSession.run(id))) throw new MissingRow();
  }

  /**
   * Ends another session of the same person. An id that is unknown, has ended or belongs to someone else changes
   * nothing and gets the same answer.
   * @throws IdMalformed, OwnSessionKept, OthersKept, NobodySignedIn
   */
  async revokeOther(own: SessionView, given: string): Promise<void> {
    const id = readUuid(given);
    if (id === own.id) throw new OwnSessionKept();
    await this.#end(own, id);
  }

  /**
   * Ends all other sessions; resolves to their number, including those that had already ended.
   * @throws OthersKept, NobodySignedIn
   */
  async revokeOthers(own: SessionView): Promise<number> {
    return this.#end(own);
  }

  /** @throws MissingRow if the identity has no sessions or does not exist */
  async deleteOf(identityId: string): Promise<void> {
    if ((await this.deleteSessions.run(identityId)) === 0) throw new MissingRow();
  }

  /**
   * Leaves a session that is not due yet unchanged. Resolves to undefined if the answer has no body.
   * @throws MissingRow if the session is not live
   */
  async extend(id: string): Promise<StoredSession | undefined> {
    const { faster_session_extend: silent } = this.flags;
    if ((await this.extendSession.run(id)) && silent) return undefined;
    const session = await this.get(id, { identity: !silent, devices: false });
    if (!session.active) throw new MissingRow();
    return silent ? undefined : session;
  }

  /** The calling session may have ended since the request began. */
  async #end({ id, identity }: SessionView, other?: string): Promise<number> {
    const ended = await this.endOthers.run(identity.id, id, other);
    switch (ended.kind) {
      case 'ended':
        return ended.others;
      case 'kept':
        throw new OthersKept();
      case 'signed_out':
        throw new NobodySignedIn();
    }
  }

  async #numbered(whose: OfIdentity, { page, pageToken, perPage }: NumberedQuery): Promise<NumberedPage> {
    const { identityId, active, except = '' } = whose;
    const list = { name: 'sessions-of-identity', question: [identityId, filter(active), except] };
    const number = Math.max(pageToken === undefined ? page : Number(this.#open(list, pageToken)), 1);
    const identity = await this.identities.find(identityId);
    const size = Math.min(perPage, identity === undefined ? perPage : this.identities.roomFor(identity));
    // The links of a first page use its actual size; counting with another size would skip sessions.
    if (size < perPage && number > 1)
      throw new SessionQueryRefused('per_page', `must be at most ${size} for this identity`);
    const rows = identity === undefined ? [] : await this.reader.ofIdentity(whose, size, (number - 1) * size);
    return {
      sessions: rows.map((session) => ({ ...session, identity })),
      total: identity === undefined ? 0 : await this.reader.count(whose),
      page: number,
      size,
      token: (other) => this.pageTokens.sign(list, String(other)),
    };
  }

  #open(list: PagedList, token: string): string {
    const position = this.pageTokens.verify(list, token);
    if (position === undefined)
      throw new SessionQueryRefused('page_token', 'is invalid, do not craft your own page tokens');
    return position;
  }

  /** One extra read fetches the identities, of as many sessions as fill a page. Undefined if an identity is gone. */
  async #withIdentities(sessions: readonly StoredSession[]): Promise<(StoredSession | undefined)[]> {
    const identities = await this.identities.inOrder(sessions.map(({ identityId }) => identityId));
    return identities.map((identity, index) => identity && { ...sessions[index]!, identity });
  }
}

const filter = (active: boolean | undefined): string => (active === undefined ? 'any' : String(active));
