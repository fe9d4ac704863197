import { Injectable } from '@nestjs/common';
import { identityRow } from '../../identity/sql.js';
import { Database } from '../../platform/database/index.js';
import type { AuthenticationMethod, DeviceView, StoredSession } from '../session.view.js';
import { devicesJson, isLive } from '../sql.js';

interface Row {
  id: string;
  identity_id: string;
  aal: string;
  methods: AuthenticationMethod[];
  issued_at: Date;
  authenticated_at: Date;
  expires_at: Date;
  live: boolean;
  devices: DeviceView[] | null;
}

/** Sorts before every real id. */
export const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

const identity = identityRow('i');
const LIVE = isLive('s', identity.alias);
/** @param devices SQL expression of type boolean: whether to read the devices too */
const select = (devices: string): string => `
  SELECT s.id, s.identity_id, s.aal, s.methods, s.issued_at, s.authenticated_at, s.expires_at, ${LIVE} AS live,
    CASE WHEN ${devices} THEN ${devicesJson('s')} END AS devices
  FROM session s JOIN ${identity.from} ON ${identity.id} = s.identity_id`;

const BY_ID = `${select('$2::boolean')} WHERE s.id = $1`;

const AFTER = `${select('$4::boolean')}
  WHERE s.id > $1 AND ($2::boolean IS NULL OR ${LIVE} = $2) ORDER BY s.id LIMIT $3`;

const OF_IDENTITY = `s.identity_id = $1 AND ($2::boolean IS NULL OR ${LIVE} = $2) AND s.id IS DISTINCT FROM $3::uuid`;

const NEWEST = `${select('true')} WHERE ${OF_IDENTITY} ORDER BY s.issued_at DESC, s.id LIMIT $4 OFFSET $5`;

const COUNT = `
  SELECT count(*)::integer AS total FROM session s JOIN ${identity.from} ON ${identity.id} = s.identity_id WHERE ${OF_IDENTITY}`;

/** Which sessions of an identity. */
export interface OfIdentity {
  readonly identityId: string;
  readonly active?: boolean | undefined;
  /** id of a session to leave out */
  readonly except?: string | undefined;
}

/** Reads sessions in any state, for lists and administrators. */
@Injectable()
export class SessionReader {
  constructor(private readonly db: Database) {}

  /** Index: primary key. */
  async byId(id: string, devices: boolean): Promise<StoredSession | undefined> {
    const [row] = await this.db.statement<Row>('session_by_id', BY_ID, [id, devices]);
    return row && stored(row);
  }

  /** Ordered by id, so that the primary key serves as the index. */
  async after(id: string, active: boolean | undefined, limit: number, devices: boolean): Promise<StoredSession[]> {
    const rows = await this.db.statement<Row>('session_after', AFTER, [id, active ?? null, limit, devices]);
    return rows.map(stored);
  }

  /** Newest first, with devices. Index: session_identity. */
  async ofIdentity(whose: OfIdentity, limit: number, offset: number): Promise<StoredSession[]> {
    const rows = await this.db.statement<Row>('session_of_identity', NEWEST, [...values(whose), limit, offset]);
    return rows.map(stored);
  }

  /** Index: session_identity. */
  async count(whose: OfIdentity): Promise<number> {
    const [row] = await this.db.statement<{ total: number }>('session_count', COUNT, values(whose));
    return row?.total ?? 0;
  }
}

const values = ({ identityId, active, except }: OfIdentity): unknown[] => [identityId, active ?? null, except ?? null];

function stored(row: Row): StoredSession {
  return {
    id: row.id,
    identityId: row.identity_id,
    active: row.live,
    expiresAt: row.expires_at,
    authenticatedAt: row.authenticated_at,
    issuedAt: row.issued_at,
    aal: row.aal,
    methods: row.methods,
    ...(row.devices === null ? {} : { devices: row.devices }),
  };
}
