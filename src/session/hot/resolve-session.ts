import { Injectable } from '@nestjs/common';
import { SelfServiceConfig } from '../../config/index.js';
import { identityFromJson } from '../../identity/index.js';
import { identityJson, identityRow } from '../../identity/sql.js';
import { Database } from '../../platform/database/index.js';
import { digest } from '../../platform/keys/index.js';
import { isSessionToken } from '../session.token.js';
import type { AuthenticationMethod, DeviceView, SessionOrigin, SessionView } from '../session.view.js';
import { devicesJson, isLive } from '../sql.js';

interface Row {
  id: string;
  aal: string;
  methods: AuthenticationMethod[];
  origin: SessionOrigin;
  grant_id: string | null;
  issued_at: Date;
  authenticated_at: Date;
  expires_at: Date;
  privileged: boolean;
  identity: unknown;
  devices: DeviceView[];
}

const identity = identityRow('i');

/**
 * HOT: every request with a session token runs this first.
 * Invariant: a session that is not live (see sql.ts) is treated as absent.
 * Index: session_token_digest_unique, then primary keys and session_device_session.
 * Guarded by: resolve-session.race.spec.ts
 */
const RESOLVE = `
  SELECT s.id, s.aal, s.methods, s.origin, s.grant_id, s.issued_at, s.authenticated_at, s.expires_at,
    s.authenticated_at + make_interval(secs => $2::float8) > clock_timestamp() AS privileged,
    ${identityJson(identity.alias)} AS identity,
    ${devicesJson('s')} AS devices
  FROM session s JOIN ${identity.from} ON ${identity.id} = s.identity_id
  WHERE s.token_digest = $1 AND ${isLive('s', identity.alias)}`;

@Injectable()
export class ResolveSession {
  constructor(
    private readonly db: Database,
    private readonly selfservice: SelfServiceConfig,
  ) {}

  /** The live session for this token, or undefined. */
  async run(token: string): Promise<SessionView | undefined> {
    if (!isSessionToken(token)) return undefined;
    const window = this.selfservice.flows.settings.privileged_session_max_age.seconds;
    const [row] = await this.db.statement<Row>('session_resolve', RESOLVE, [digest(token), window]);
    return row && view(row);
  }
}

function view(row: Row): SessionView {
  return {
    id: row.id,
    active: true,
    expiresAt: row.expires_at,
    authenticatedAt: row.authenticated_at,
    issuedAt: row.issued_at,
    aal: row.aal,
    methods: row.methods,
    origin: row.origin,
    grantId: row.grant_id,
    privileged: row.privileged,
    identity: identityFromJson(row.identity),
    devices: row.devices,
  };
}
