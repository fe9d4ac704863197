import { Injectable } from '@nestjs/common';
import { SessionConfig } from '../../config/index.js';
import { admits, identityRow } from '../../identity/sql.js';
import { Database } from '../../platform/database/index.js';
import { CurrentRequest } from '../../platform/http/index.js';
import { digest } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { newSessionToken } from '../session.token.js';
import type { NewSession } from '../session.view.js';
import { endSessions, insertDevice, insertSession } from '../sql.js';

const identity = identityRow();

/**
 * HOT: issues a session outside a login or a redemption.
 * Invariant: the identity's row is locked, so a deactivation, a hand-over or a containment either precedes the session
 * or ends it.
 * Index: primary keys; session_device_session.
 * Guarded by: issue-session.race.spec.ts
 */
const ISSUE = `
  WITH identity_ AS MATERIALIZED (
    SELECT ${identity.id}, ${identity.access_epoch} FROM ${identity.from} WHERE ${identity.id} = $1 AND ${admits(identity.alias)} FOR SHARE),
  session_ AS (${insertSession({
    from: 'identity_',
    id: '$2',
    tokenDigest: '$3',
    identityId: 'identity_.id',
    epoch: 'identity_.access_epoch',
    methods: '$4',
    origin: '$5',
    grantId: '$6',
    lifespanSeconds: '$7',
  })}),
  device_ AS (${insertDevice({ from: 'session_', id: '$8', sessionId: 'session_.id', ipAddress: '$9', userAgent: '$10' })}),
  ended_ AS (${endSessions({ from: 'session_', where: 'session.id = $11::uuid AND session.id <> session_.id' })})
  SELECT id FROM session_`;

@Injectable()
export class IssueSession {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly current: CurrentRequest,
    private readonly config: SessionConfig,
  ) {}

  /**
   * The new session's token, or undefined if the identity is unknown, inactive, contained or being handed over. Runs as
   * a single statement of its own.
   */
  async run({ identityId, methods, origin, grantId, replaces }: NewSession): Promise<string | undefined> {
    const token = newSessionToken(this.random);
    const { network, userAgent } = this.current.get();
    const rows = await this.db.statement('session_issue', ISSUE, [
      identityId,
      this.random.uuid(),
      digest(token),
      [...methods],
      origin,
      grantId ?? null,
      this.config.lifespan.seconds,
      this.random.uuid(),
      network,
      userAgent,
      replaces ?? null,
    ]);
    return rows.length === 1 ? token : undefined;
  }
}
