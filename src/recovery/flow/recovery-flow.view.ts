import type { FlowEnd, FlowType, NodeMessages, StoredMessage } from '../../platform/flow/index.js';
import type { Choosing } from './choosing.js';

type RecoveryMethod = 'link' | 'code';

/** A recovery flow as services and presenters see it. */
export interface RecoveryFlowView extends FlowEnd {
  readonly id: string;
  readonly type: FlowType;
  readonly state: string;
  /** how the flow recovers accounts */
  readonly method: RecoveryMethod;
  /** the method as shown: `default` if a submission named none that works */
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
  /** progress of choosing among the account's addresses; null: there is nothing to choose */
  readonly choosing: Choosing | null;
  /** the requested code may be longer than six digits */
  readonly longCode: boolean;
  /** number of code guesses so far */
  readonly submitCount: number;
  readonly mailCount: number;
  readonly issuedAt: Date;
}

/** Converts a `SELECT *` row of recovery_flow; reads `expired_seconds` if the statement computes it. */
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
    over: expiredSeconds > 0,
    expiredSeconds: Math.max(0, expiredSeconds),
  };
}
