/**
 * The statements of the bare server. Each reads and writes the same rows as Regain's hot statement, without the parts that
 * Regain's settings can add.
 */
const EVENT = `(id, actor_type, actor_id, actor_label, action, outcome, target_type, target_id, grant_id, request_id, network, user_agent)`;

export const FIND_TOKEN = `
  SELECT id, name, scopes, last_used_at FROM access_token
  WHERE digest = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())`;

/** $1 flow, $2 request URL, $3 identity, $4 seconds, $5 grant, $6 digest, $7 token, $8 event, $9 actor, $10 request, $11 agent */
export const CREATE_LINK = `
  WITH identity_ AS (SELECT id FROM identity WHERE id = $3::uuid),
  flow_ AS (
    INSERT INTO recovery_flow (id, type, active_method, request_url, identity_id, issued_by_admin, expires_at)
    SELECT $1::uuid, 'browser', 'link', $2::text, id, true, clock_timestamp() + make_interval(secs => $4) FROM identity_
    RETURNING id, identity_id, expires_at),
  grant_ AS (
    INSERT INTO recovery_grant (id, kind, digest, flow_id, identity_id, issued_by_type, issued_by_id, expires_at)
    SELECT $5::uuid, 'link', $6::bytea, id, identity_id, 'access_token', $7::text, expires_at FROM flow_
    RETURNING id, identity_id, expires_at),
  event_ AS (
    INSERT INTO audit_event ${EVENT}
    SELECT $8::uuid, 'access_token', $7::text, $9::text, 'recovery.link.created', 'success', 'identity', identity_id::text, id,
      $10::text, '127.0.0.1', $11::text FROM grant_)
  SELECT expires_at FROM grant_`;

/** $1 digest, $2 flow, $3 session, $4 token digest, $5 seconds, $6 device, $7 agent, $8 settings flow, $9 CSRF digest, $10 event, $11 request */
export const REDEEM_LINK = `
  WITH grant_ AS (
    UPDATE recovery_grant SET used_at = clock_timestamp(), session_id = $3::uuid FROM identity
    WHERE recovery_grant.digest = $1::bytea AND recovery_grant.kind = 'link' AND recovery_grant.flow_id = $2::uuid
      AND recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL
      AND recovery_grant.expires_at > clock_timestamp()
      AND identity.id = recovery_grant.identity_id AND identity.state = 'active'
    RETURNING recovery_grant.id, recovery_grant.identity_id, recovery_grant.flow_id),
  flow_ AS (SELECT grant_.*, request_url, return_to FROM grant_ JOIN recovery_flow ON recovery_flow.id = grant_.flow_id),
  session_ AS (
    INSERT INTO session (id, token_digest, identity_id, methods, origin, grant_id, expires_at)
    SELECT $3::uuid, $4::bytea, identity_id, '[{"method":"link_recovery","aal":"aal1"}]', 'recovery', id,
      clock_timestamp() + make_interval(secs => $5) FROM flow_ RETURNING id),
  device_ AS (
    INSERT INTO session_device (id, session_id, ip_address, user_agent)
    SELECT $6::uuid, id, '127.0.0.1', $7::text FROM session_),
  settings_ AS (
    INSERT INTO settings_flow (id, type, identity_id, request_url, return_to, csrf_digest, messages, expires_at)
    SELECT $8::uuid, 'browser', identity_id, request_url, return_to, $9::bytea, '[{"id":1060001}]',
      clock_timestamp() + interval '1 hour' FROM flow_),
  event_ AS (
    INSERT INTO audit_event ${EVENT}
    SELECT $10::uuid, 'anonymous', NULL, NULL, 'recovery.link.redeemed', 'success', 'identity', identity_id::text, id,
      $11::text, '127.0.0.1', $7::text FROM flow_)
  SELECT id FROM session_`;

export const WHOAMI = `
  SELECT session.id, session.active, session.expires_at, session.authenticated_at, session.issued_at, session.aal,
    session.methods, to_jsonb(identity) AS identity,
    (SELECT coalesce(jsonb_agg(to_jsonb(a)), '[]') FROM recovery_address a WHERE a.identity_id = identity.id) AS recovery_addresses,
    (SELECT coalesce(jsonb_agg(to_jsonb(a)), '[]') FROM verifiable_address a WHERE a.identity_id = identity.id) AS verifiable_addresses,
    (SELECT coalesce(jsonb_agg(to_jsonb(d)), '[]') FROM session_device d WHERE d.session_id = session.id) AS devices
  FROM session JOIN identity ON identity.id = session.identity_id
  WHERE session.token_digest = $1 AND session.active AND session.expires_at > clock_timestamp() AND identity.state = 'active'
    AND (identity.sessions_valid_from IS NULL OR session.issued_at >= identity.sessions_valid_from)`;
