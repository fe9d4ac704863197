import { DomainError } from '../errors/index.js';
import type { StoredMessage } from './stored-flow.js';

/** What ran out of time, and when. */
export interface EndedFlow {
  readonly expiresAt: Date;
  /** seconds since it expired, by the database's clock; 0 while it has not */
  readonly expiredSeconds: number;
}

/** How every flow says that nothing more can be done with it; decided by the database when the row was read. */
export interface FlowEnd extends EndedFlow {
  /** expired; a login flow also once it was completed */
  readonly over: boolean;
}

/** Where to start another flow: in a browser, or with an API call. */
export type FlowStart = { redirect_to: string; return_to: string } | { api: string };

/** Thrown when an expired flow is read. `details` says where to start another one. */
export class FlowGone extends DomainError {
  readonly status = 410;
  override readonly id = 'self_service_flow_expired';
  override readonly reason: string;
  override readonly details: Record<string, unknown>;

  constructor(name: 'login' | 'recovery' | 'settings', start: FlowStart) {
    super('The requested resource is no longer available because it has expired or is otherwise invalid.');
    const how =
      'api' in start
        ? `Call the ${name} flow init API endpoint`
        : `Redirect the user to the ${name} flow init endpoint`;
    this.reason = `The ${name} flow has expired. ${how} to initialize a new ${name} flow.`;
    this.details = { ...start };
  }
}

/** Thrown when an expired flow is submitted. `use_flow_id` is its replacement, which explains what happened. */
export class FlowReplaced extends DomainError {
  readonly status = 410;
  override readonly id = 'self_service_flow_expired';
  override readonly reason: string;
  declare readonly details?: Record<string, unknown>;
  override readonly extra: Record<string, unknown>;

  /** `since` is sent in nanoseconds, the unit of a Go duration */
  constructor({ expiresAt, expiredSeconds }: EndedFlow, useFlowId: string, continueWith?: readonly object[]) {
    super('self-service flow expired');
    this.reason = `The self-service flow expired ${minutes(expiredSeconds)} minutes ago, initialize a new one.`;
    if (continueWith) this.details = { continue_with: continueWith };
    this.extra = {
      expired_at: expiresAt.toISOString(),
      since: Math.round(expiredSeconds * 1e6) * 1000,
      use_flow_id: useFlowId,
    };
  }
}

/** The message with which the new flow explains that the old one expired. */
export function expiredMessage(id: number, { expiresAt, expiredSeconds }: EndedFlow): StoredMessage {
  return {
    id,
    context: {
      minutes: minutes(expiredSeconds),
      expired_at: expiresAt.toISOString(),
      expired_at_unix: Math.floor(expiresAt.getTime() / 1000),
    },
  };
}

const minutes = (seconds: number): string => (Math.max(0, seconds) / 60).toFixed(2);
