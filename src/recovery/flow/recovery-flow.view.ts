import type { FlowType, StoredMessage } from '../../platform/flow/index.js';

/** A recovery flow as services and presenters see it. */
export interface RecoveryFlowView {
  readonly id: string;
  readonly type: FlowType;
  readonly state: string;
  readonly activeMethod: string | null;
  readonly requestUrl: string;
  readonly returnTo: string | null;
  readonly csrfDigest: Buffer | null;
  readonly skipCsrf: boolean;
  readonly messages: readonly StoredMessage[];
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** decided by the database when the row was read */
  readonly expired: boolean;
  /** minutes since it expired, with two decimals; "0.00" while it has not */
  readonly expiredMinutes: string;
}

/** From a `SELECT *` row of recovery_flow; `expired_seconds` is read where the statement computes it. */
export function recoveryFlowView(row: Record<string, unknown>): RecoveryFlowView {
  const expiredSeconds = Number(row['expired_seconds'] ?? 0);
  return {
    id: row['id'] as string,
    type: row['type'] as FlowType,
    state: row['state'] as string,
    activeMethod: row['active_method'] as string | null,
    requestUrl: row['request_url'] as string,
    returnTo: row['return_to'] as string | null,
    csrfDigest: row['csrf_digest'] as Buffer | null,
    skipCsrf: row['skip_csrf'] === true,
    messages: row['messages'] as StoredMessage[],
    issuedAt: row['issued_at'] as Date,
    expiresAt: row['expires_at'] as Date,
    expired: expiredSeconds > 0,
    expiredMinutes: (Math.max(0, expiredSeconds) / 60).toFixed(2),
  };
}
