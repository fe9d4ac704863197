import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { digest } from '../../platform/keys/index.js';
import { isSessionToken } from '../session.token.js';
import { INSERT_IMPORTED } from '../sql.js';
import type { AuthenticationMethod } from '../session.view.js';

/** A session that was started on another system. Times are RFC 3339, UTC, with microseconds. */
export interface ImportedSession {
  readonly id: string;
  readonly identityId: string;
  /** in plain text; only its digest is stored */
  readonly token: string;
  readonly aal: string;
  readonly methods: readonly AuthenticationMethod[];
  readonly issuedAt: string;
  readonly authenticatedAt: string;
  readonly expiresAt: string;
  readonly devices: readonly ImportedDevice[];
}

interface ImportedDevice {
  readonly id: string;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly location: string;
  readonly createdAt: string;
}

/** The fields of a stored session that can be compared with an imported one. */
export type StoredImport = Omit<ImportedSession, 'token' | 'devices'> & {
  /** hexadecimal */
  readonly tokenDigest: string;
  readonly devices: number;
};

const at = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const INSERT_DEVICES = `
  INSERT INTO session_device (id, session_id, ip_address, user_agent, location, created_at)
  SELECT n.id, n."sessionId", n."ipAddress", n."userAgent", n.location, n."createdAt"
  FROM json_to_recordset(?::json) AS n(id uuid, "sessionId" uuid, "ipAddress" text, "userAgent" text, location text,
    "createdAt" timestamptz)
  JOIN session ON session.id = n."sessionId"`;
/** Indexes: session_identity, session_device_session. */
const READ = `
  SELECT json_build_object('id', s.id, 'tokenDigest', encode(s.token_digest, 'hex'), 'identityId', s.identity_id,
    'aal', s.aal, 'methods', s.methods, 'issuedAt', ${at('s.issued_at')}, 'authenticatedAt', ${at('s.authenticated_at')},
    'expiresAt', ${at('s.expires_at')},
    'devices', (SELECT count(*) FROM session_device d WHERE d.session_id = s.id)) AS session
  FROM session s WHERE s.identity_id = ANY($1::uuid[]) AND s.origin = 'import'`;

/** Imports sessions from another system, so that the tokens people already hold keep working. */
@Injectable()
export class SessionBulk {
  constructor(private readonly db: Database) {}

  /** False for a token whose format this server never looks up. */
  accepts(token: string): boolean {
    return isSessionToken(token);
  }

  /**
   * Runs in the caller's transaction; the identities must exist. Skips identities that are contained or being handed
   * over.
   */
  async insert(em: SqlEntityManager, sessions: readonly ImportedSession[]): Promise<void> {
    if (sessions.length === 0) return;
    const rows = sessions.map(({ devices: _, token, ...rest }) => ({ ...rest, tokenDigest: digestOf(token) }));
    const devices = sessions.flatMap((session) =>
      session.devices.map((device) => ({ sessionId: session.id, ...device })),
    );
    await execute(em, INSERT_IMPORTED, rows);
    if (devices.length > 0) await execute(em, INSERT_DEVICES, devices);
  }

  /** Imported sessions of these identities. */
  async read(identityIds: readonly string[]): Promise<StoredImport[]> {
    const rows = await this.db.statement<{ session: StoredImport }>('session_bulk_read', READ, [identityIds]);
    return rows.map(({ session }) => session);
  }

  /** What `read` will return for this session once it is stored. */
  stored({ devices, token, ...rest }: ImportedSession): StoredImport {
    return { ...rest, tokenDigest: digestOf(token), devices: devices.length };
  }
}

const digestOf = (token: string): string => digest(token).toString('hex');

async function execute(em: SqlEntityManager, sql: string, rows: readonly object[]): Promise<void> {
  await em.getConnection().execute(sql, [JSON.stringify(rows)], 'run', em.getTransactionContext());
}
