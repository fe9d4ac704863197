import { handOverIsOpen, identityRow, opensToOlder } from '../identity/sql.js';
import { readable } from '../platform/database/index.js';

/**
 * SQL of the session module for other modules' statements: the columns they may read, and fragments they may use.
 *
 * Every field is an SQL expression (`:id`, `grant_.identity_id`), never a value.
 */

export const sessionRow = readable('session', [
  'id',
  'identity_id',
  'token_digest',
  'access_epoch',
  'active',
  'issued_at',
  'authenticated_at',
]);

const identity = identityRow();

interface SessionColumns {
  /** source of the rows: a CTE, or a join */
  from: string;
  /** absent: every row of `from` */
  where?: string;
  id: string;
  /** bytea: the SHA-256 of the token */
  tokenDigest: string;
  identityId: string;
  /** integer: `access_epoch` of the identity's locked row */
  epoch: string;
  /** text[]: the methods, in order; `oidc:acme` means the method `oidc` with the provider `acme` */
  methods: string;
  /** text: 'login', 'recovery' or 'import' */
  origin: string;
  grantId?: string;
  lifespanSeconds: string;
  /**
   * True: if a live session with that id and of the same person exists, it is confirmed instead. It gets a new token,
   * new times and one more method, and keeps its id. A session that has ended meanwhile stays ended. `anew`: its time
   * of issue is renewed too.
   */
  confirms?: boolean | 'anew';
}

/**
 * Inserts one session per row and returns `id`, `identity_id`, `issued_at`, `authenticated_at`, `expires_at`. The
 * caller's `from` must lock the identity's row FOR SHARE and check it with `admits` or `admitsGrant`.
 */
export function insertSession(columns: SessionColumns): string {
  const {
    from,
    where,
    id,
    tokenDigest,
    identityId,
    epoch,
    methods,
    origin,
    grantId = 'NULL',
    lifespanSeconds,
  } = columns;
  return `INSERT INTO session (id, token_digest, identity_id, access_epoch, methods, origin, grant_id, issued_at, authenticated_at, expires_at)
    SELECT ${id}, ${tokenDigest}, ${identityId}, ${epoch}, ${methodsAt(methods)}, ${origin}, ${grantId}::uuid,
      moment_.at, moment_.at, moment_.at + make_interval(secs => ${lifespanSeconds}::float8)
    FROM ${from} CROSS JOIN (SELECT clock_timestamp() AS at OFFSET 0) AS moment_
    ${where === undefined ? '' : `WHERE ${where}`}
    ${columns.confirms ? confirm(columns.confirms === 'anew') : ''}
    RETURNING id, identity_id, issued_at, authenticated_at, expires_at`;
}

const confirm = (
  anew: boolean,
) => `ON CONFLICT (id) DO UPDATE SET token_digest = excluded.token_digest, authenticated_at = excluded.authenticated_at,
      expires_at = excluded.expires_at, methods = session.methods || excluded.methods${anew ? ', issued_at = excluded.issued_at' : ''}
    WHERE session.identity_id = excluded.identity_id AND session.access_epoch = excluded.access_epoch AND session.active
      AND session.expires_at > clock_timestamp()`;

const methodsAt = (methods: string): string =>
  `(SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('method', split_part(given_.method, ':', 1), 'aal', 'aal1',
        'completed_at', to_char(moment_.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'provider', nullif(split_part(given_.method, ':', 2), ''))) ORDER BY given_.nr), '[]')
      FROM unnest(${methods}::text[]) WITH ORDINALITY AS given_ (method, nr))`;

/**
 * Inserts sessions that started on another system, with their own times; ? is a JSON list. Skips identities that are
 * contained or being handed over.
 */
export const INSERT_IMPORTED = `
  WITH given_ AS MATERIALIZED (
    SELECT n.*
    FROM json_to_recordset(?::json) AS n(id uuid, "tokenDigest" text, "identityId" uuid, aal text, methods jsonb,
    "issuedAt" timestamptz, "authenticatedAt" timestamptz, "expiresAt" timestamptz)),
  identity_ AS MATERIALIZED (
    SELECT ${identity.id}, ${identity.access_epoch} FROM ${identity.from}
    WHERE ${identity.id} IN (SELECT "identityId" FROM given_) AND ${opensToOlder(identity.alias)} ORDER BY 1 FOR SHARE)
  INSERT INTO session (id, token_digest, identity_id, access_epoch, aal, methods, origin, issued_at, authenticated_at, expires_at)
  SELECT n.id, decode(n."tokenDigest", 'hex'), identity_.id, identity_.access_epoch, n.aal, n.methods, 'import', n."issuedAt",
    n."authenticatedAt", n."expiresAt"
  FROM given_ n JOIN identity_ ON identity_.id = n."identityId"`;

interface DeviceColumns {
  from: string;
  id: string;
  sessionId: string;
  ipAddress: string;
  userAgent: string;
}

/** Inserts one device for each row of `from` whose session has none yet. */
export function insertDevice({ from, id, sessionId, ipAddress, userAgent }: DeviceColumns): string {
  return `INSERT INTO session_device (id, session_id, ip_address, user_agent)
    SELECT ${id}, ${sessionId}, ${ipAddress}, ${userAgent} FROM ${from}
    WHERE NOT EXISTS (SELECT FROM session_device known_ WHERE known_.session_id = ${sessionId})`;
}

/**
 * Ends the live sessions that match `where` (on the table `session`, joined with `from`); returns `id` and
 * `identity_id`.
 */
export function endSessions({ from, where }: { from?: string; where: string }): string {
  return `UPDATE session SET active = false ${from === undefined ? '' : `FROM ${from}`}
    WHERE session.active AND (${where}) RETURNING session.id, session.identity_id`;
}

/**
 * Condition: the session row `session` of the identity row `identity` is live. A session is not live if it has ended or
 * expired, if its identity is inactive, if its epoch is old, or if the identity is contained and this is not the
 * recovery's own session.
 */
export function isLive(session: string, identity: string): string {
  return `(${session}.active AND ${session}.expires_at > clock_timestamp()
    AND ${identity}.state = 'active' AND ${session}.issued_at >= coalesce(${identity}.sessions_valid_from, '-infinity')
    AND ${session}.access_epoch = ${identity}.access_epoch
    AND (${identity}.contained_at IS NULL OR ${session}.id = ${identity}.hand_over_session_id AND ${handOverIsOpen(identity)}))`;
}

/** Expression: the devices of the session row `session` as a JSON list of DeviceView. Index: session_device_session. */
export function devicesJson(session: string): string {
  return `(SELECT coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'ipAddress', d.ip_address, 'userAgent', d.user_agent,
       'location', d.location) ORDER BY d.created_at, d.id), '[]') FROM session_device d WHERE d.session_id = ${session}.id)`;
}

/** Expression: the user agent that started the session; NULL if unknown. Index: session_device_session. */
export function deviceOf(sessionId: string): string {
  return `(SELECT user_agent FROM session_device WHERE session_device.session_id = ${sessionId} LIMIT 1)`;
}
