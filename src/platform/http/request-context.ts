import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { ScopeName } from './scopes.js';

/**
 * Who acts: a personal access token, a person's session, an operator at the console, the system, or nobody known.
 * `several` stands in the audit trail for callers that are counted together.
 */
export interface Actor {
  readonly type: 'access_token' | 'session' | 'operator' | 'system' | 'anonymous' | 'several';
  readonly id?: string;
  readonly label?: string;
  /** of an access token */
  readonly scopes?: readonly string[];
}

/** What is known of the request that is being answered; a command has one too. */
export interface RequestContext {
  readonly requestId: string;
  /** the client's address, after trusted proxies only; empty for a command */
  readonly network: string;
  readonly userAgent: string;
  /** the languages that the client asks for, as it says them */
  readonly acceptLanguage?: string | undefined;
  /** why the actor acts */
  reason?: string;
  ticket?: string;
  /** `X-Regain-Reason`, `X-Regain-Ticket`: they count once it is known who says so */
  readonly claimed?: Motives;
  actor: Actor;
}

/** Why an administrator acts: a sentence, and the number of a ticket. */
export interface Motives {
  readonly reason?: string;
  readonly ticket?: string;
}

const NOBODY: Actor = { type: 'anonymous' };
const SYSTEM: RequestContext = { requestId: '', network: '', userAgent: '', actor: { type: 'system' } };
const storage = new AsyncLocalStorage<RequestContext>();

/** The request that the current call serves; outside of one, the system itself. */
@Injectable()
export class CurrentRequest {
  get(): RequestContext {
    return storage.getStore() ?? SYSTEM;
  }

  get actor(): Actor {
    return this.get().actor;
  }

  /**
   * Whether whoever acts may do what the scope stands for: a token needs it; an operator at the console, or an admin API that
   * asks for no token, needs none; nobody else may anything.
   */
  may(scope: ScopeName): boolean {
    const { type, scopes = [] } = this.actor;
    if (type === 'access_token') return scopes.includes(scope) || scopes.includes('*');
    return type === 'operator' || type === 'system';
  }

  /** Set once by the guard, or by a command. */
  actAs(actor: Actor): void {
    const context = storage.getStore();
    if (context) Object.assign(context, context.claimed, { actor });
  }

  run<T>(context: Omit<RequestContext, 'actor'> & { actor?: Actor }, work: () => T): T {
    return storage.run({ actor: NOBODY, ...context }, work);
  }
}
