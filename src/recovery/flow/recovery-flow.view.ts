import type { FlowType, NodeMessages, StoredMessage } from '../../platform/flow/index.js';
import type { Choosing } from './choosing.js';

type RecoveryMethod = 'link' | 'code';

/** A recovery flow as services and presenters see it. */
export interface RecoveryFlowView {
  readonly id: string;
  readonly type: FlowType;
  readonly state: string;
  /** how the flow gives accounts back */
  readonly method: RecoveryMethod;
  /** the method as shown: `default` where a submission named none that works */
  readonly active: string | null;
  readonly requestUrl: string;
  readonly returnTo: string | null;
  readonly csrfDigest: Buffer | null;
  readonly skipCsrf: boolean;
  readonly issuedByAdmin: boolean;
  readonly messages: readonly StoredMessage[];
  readonly nodeMessages: NodeMessages;
  /** the address that was submitted last, as given */
  readonly email: string | null;
  /** where a person stands who chooses between the addresses of the account; null: there is no choice */
  readonly choosing: Choosing | null;
  /** the code that it asks for may be longer than six digits */
  readonly longCode: boolean;
  /** guesses of the code so far */
  readonly submitCount: number;
  readonly mailCount: number;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** decided by the database when the row was read */
  readonly expired: boolean;
  /** since it expired; 0 while it has not */
  readonly expiredSeconds: number;
}

/** From a `SELECT *` row of recovery_flow; `expired_seconds` is read where the statement computes it. */
export function recoveryFlowView(row: Record<string, unknown>): RecoveryFlowView {
  const expiredSeconds = Number(row['expired_seconds'] ?? 0);
  const submitted = row['submitted'] as { email?: string; choosing?: Choosing };
  const active = row['active_method'] as string | null;
  return {
    id: row['id'] as string,
    type: row['type'] as FlowType,
    state: row['state'] as string,
    method: active === 'code' ? 'code' : 'link',
    active,
    requestUrl: row['request_url'] as string,
    returnTo: row['return_to'] as string | null,
    csrfDigest: row['csrf_digest'] as Buffer | null,
    skipCsrf: row['skip_csrf'] === true,
    issuedByAdmin: row['issued_by_admin'] === true,
    messages: row['messages'] as StoredMessage[],
    nodeMessages: row['node_messages'] as NodeMessages,
    email: submitted.email ?? null,
    choosing: submitted.choosing ?? null,
    longCode: (row['submitted'] as { long_code?: boolean }).long_code === true,
    submitCount: Number(row['submit_count']),
    mailCount: Number(row['mail_count']),
    issuedAt: row['issued_at'] as Date,
    expiresAt: row['expires_at'] as Date,
    expired: expiredSeconds > 0,
    expiredSeconds: Math.max(0, expiredSeconds),
  };
}
