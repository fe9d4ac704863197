import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { ScopeName } from './scopes.js';

/**
 * Who makes the request: a personal access token, a person's session, an operator at the console, the system, or
 * someone unknown. In the audit trail, `several` stands for callers that are counted together.
 */
export interface Actor {
  readonly type: 'access_token' | 'session' | 'operator' | 'system' | 'anonymous' | 'several';
  readonly id?: string;
  readonly label?: string;
  /** of an access token */
  readonly scopes?: readonly string[];
}

/** What is known about the current request; commands have a context too. */
export interface RequestContext {
  readonly requestId: string;
  /** the client's address, resolved through trusted proxies only; empty for a command */
  readonly network: string;
  readonly userAgent: string;
  /** the client's Accept-Language header */
  readonly acceptLanguage?: string | undefined;
  /** why the actor does this */
  reason?: string;
  ticket?: string;
  /** from `X-Regain-Reason` and `X-Regain-Ticket`; not used before the actor is known */
  readonly claimed?: Motives;
  actor: Actor;
}

/** Why an administrator acts: a sentence and a ticket number. */
export interface Motives {
  readonly reason?: string;
  readonly ticket?: string;
}

const NOBODY: Actor = { type: 'anonymous' };
const SYSTEM: RequestContext = { requestId: '', network: '', userAgent: '', actor: { type: 'system' } };
const storage = new AsyncLocalStorage<RequestContext>();

/** The request that the current call serves; outside a request, the system itself. */
@Injectable()
export class CurrentRequest {
  get(): RequestContext {
    return storage.getStore() ?? SYSTEM;
  }

  get actor(): Actor {
    return this.get().actor;
  }

  /**
   * Whether the actor has the permission behind `scope`. A token must hold it. An operator at the console, or a caller
   * of an admin API without tokens, needs none. Everyone else is refused.
   */
  may(scope: ScopeName): boolean {
    const { type, scopes = [] } = this.actor;
    if (type === 'access_token') return scopes.includes(scope) || scopes.includes('*');
    return type === 'operator' || type === 'system';
  }

  /** Called once, by the guard or by a command. */
  actAs(actor: Actor): void {
    const context = storage.getStore();
    if (context) Object.assign(context, context.claimed, { actor });
  }

  run<T>(context: Omit<RequestContext, 'actor'> & { actor?: Actor }, work: () => T): T {
    return storage.run({ actor: NOBODY, ...context }, work);
  }
}
