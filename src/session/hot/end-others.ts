import { Injectable } from '@nestjs/common';
import { eventValues, insertEvent } from '../../audit/sql.js';
import { RegainConfig } from '../../config/index.js';
import { handOverWasAbandoned, identityRow } from '../../identity/sql.js';
import { Clock } from '../../platform/clock/index.js';
import { Database, named, type NamedStatement } from '../../platform/database/index.js';
import { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { endSessions, isLive } from '../sql.js';

const identity = identityRow();

/** After an unfinished recovery, no session may end others, except the one of a new recovery. */
const HELD = `(${identity.hand_over_session_id} IS DISTINCT FROM :session_id::uuid AND ${handOverWasAbandoned(identity.alias, ':after_abandoned')})`;

const end = (name: string, which: string, event: string): NamedStatement =>
  named(
    name,
    `
  WITH identity_ AS MATERIALIZED (
    SELECT ${identity.id}, ${HELD} AS held,
      EXISTS (SELECT FROM session s WHERE s.id = :session_id::uuid AND s.identity_id = ${identity.id} AND ${isLive('s', identity.alias)}) AS live
    FROM ${identity.from} WHERE ${identity.id} = :identity_id::uuid FOR SHARE),
  ended_ AS (${endSessions({
    from: 'identity_',
    where: `identity_.live AND NOT identity_.held AND session.identity_id = identity_.id AND session.id <> :session_id::uuid ${which}`,
  })}),
  event_ AS (${event})
  SELECT held, live, (SELECT count(*)::integer FROM session WHERE session.identity_id = identity_.id AND session.id <> :session_id::uuid) AS others
  FROM identity_`,
  );

const ALL = end(
  'session_end_others',
  '',
  insertEvent({
    from: '(SELECT * FROM identity_ WHERE EXISTS (SELECT FROM ended_)) AS others_',
    id: ':event_id::uuid',
    action: `'session.others_revoked'`,
    targetType: `'identity'`,
    targetId: 'others_.id::text',
  }),
);

const ONE = end(
  'session_end_other',
  'AND session.id = :other_id::uuid',
  insertEvent({
    from: 'ended_ JOIN session ON session.id = ended_.id',
    id: ':event_id::uuid',
    action: `'session.revoked'`,
    targetType: `'identity'`,
    targetId: 'ended_.identity_id::text',
    grantId: 'session.grant_id',
  }),
);

export type OthersEnded =
  /** `others` counts the other sessions, including those that had already ended */
  | { kind: 'ended'; others: number }
  /** the calling session is no longer live */
  | { kind: 'signed_out' }
  /** a recovery was started and not finished */
  | { kind: 'kept' };

/**
 * HOT: decides between a session that ends others, and a redemption (or anything else) that ends that session.
 * Invariant: a session ends others only while it is live. This is checked while the identity's row is locked, so a
 * session that a redemption ended can't end the one that the redemption opened.
 * Index: primary keys, session_identity.
 * Guarded by: end-others.race.spec.ts
 */
@Injectable()
export class EndOthers {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly clock: Clock,
    private readonly current: CurrentRequest,
    private readonly regain: RegainConfig,
  ) {}

  /** @param otherId the only session to end; if absent, all except `sessionId` */
  async run(identityId: string, sessionId: string, otherId?: string): Promise<OthersEnded> {
    const [row] = await this.db.run<{ held: boolean; live: boolean; others: number }>(
      otherId === undefined ? ALL : ONE,
      {
        identity_id: identityId,
        session_id: sessionId,
        after_abandoned: this.regain.recovery.after_abandoned.seconds,
        event_id: this.random.uuidV7(this.clock.now()),
        ...eventValues(this.current.get()),
        ...(otherId === undefined ? {} : { other_id: otherId }),
      },
    );
    if (!row?.live) return { kind: 'signed_out' };
    return row.held ? { kind: 'kept' } : { kind: 'ended', others: row.others };
  }
}
