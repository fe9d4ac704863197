/** SQL expressions (columns of `from`, placeholders) for the columns of the new row. */
interface SettingsFlowColumns {
  /** FROM item; each of its rows gets a settings flow */
  from: string;
  id: string;
  identityId: string;
  /** integer: the identity's `access_epoch` */
  epoch: string;
  requestUrl: string;
  /** text or NULL; checked against the allow-list before, and again at use */
  returnTo: string;
  /** bytea or NULL; NULL: bound to no browser */
  csrfDigest: string;
  /** seconds, fractions allowed */
  lifespanSeconds: string;
  /** jsonb: stored messages, `[{"id": …, "context": {…}}]` */
  messages: string;
  /** text; default `'browser'` */
  type?: string;
}

/**
 * Statement part: creates settings flows with `INSERT … RETURNING id, identity_id, issued_at, expires_at`. Used by the
 * hot statements of other modules (as a data-modifying WITH part) and by our own start.
 */
export function insertSettingsFlow(columns: SettingsFlowColumns): string {
  const {
    from,
    id,
    identityId,
    epoch,
    requestUrl,
    returnTo,
    csrfDigest,
    lifespanSeconds,
    messages,
    type = `'browser'`,
  } = columns;
  return `
    INSERT INTO settings_flow (id, type, identity_id, access_epoch, request_url, return_to, csrf_digest, messages, issued_at, expires_at)
    SELECT (${id})::uuid, (${type})::text, (${identityId})::uuid, (${epoch})::integer, (${requestUrl})::text, (${returnTo})::text, (${csrfDigest})::bytea,
      (${messages})::jsonb, issued_.at, issued_.at + make_interval(secs => (${lifespanSeconds})::double precision)
    FROM ${from}, clock_timestamp() AS issued_(at)
    RETURNING id, identity_id, issued_at, expires_at`;
}
