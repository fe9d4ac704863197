import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { AuditService } from '../audit/index.js';
import { RegainConfig } from '../config/index.js';
import { AUDIENCE, type AudienceName, CurrentRequest, InsufficientScope, SCOPE } from '../platform/http/index.js';
import {
  AuthorizationMalformed,
  NotFromThisMachine,
  RouteUndeclared,
  TokenMissing,
  TokenUnusable,
} from './access.errors.js';
import type { TokenHolder } from './access.view.js';
import { BearerStrategy } from './bearer.strategy.js';
import { isLocalCaller } from './local-caller.js';
import { missingScopes } from './scopes.js';

/** Runs before every handler. A route that declares no audience is refused. */
@Injectable()
export class AccessGuard extends AuthGuard() {
  constructor(
    strategy: BearerStrategy,
    private readonly reflector: Reflector,
    private readonly current: CurrentRequest,
    private readonly audit: AuditService,
    private readonly regain: RegainConfig,
  ) {
    super({ defaultStrategy: strategy.name });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const audience = this.#declared<AudienceName>(AUDIENCE, context);
    if (audience === 'public' || audience === 'open') return true;
    if (audience !== 'admin') throw new RouteUndeclared();
    if (this.regain.admin.authentication === 'none') {
      this.#refuseWebPages(context);
      this.current.actAs({ type: 'system', label: 'unauthenticated' });
      return this.#declaresScope(context);
    }
    await super.canActivate(context);
    return this.#declaresScope(context) && this.#holdsScope(context);
  }

  /** Called by passport with the strategy's result. The challenge has an error only if a token was sent. */
  override handleRequest<User>(
    error: unknown,
    holder: TokenHolder | false | null,
    challenge: unknown,
    context: ExecutionContext,
    status?: number,
  ): User {
    if (error instanceof Error) throw error;
    if (holder) {
      this.#actAs(holder);
      return holder as User;
    }
    this.#refused('access.unauthenticated', context);
    if (status === 400) throw new AuthorizationMalformed();
    throw String(challenge).includes('error=') ? new TokenUnusable() : new TokenMissing();
  }

  #actAs({ id, name, scopes }: TokenHolder): void {
    this.current.actAs({ type: 'access_token', id, label: name, scopes });
  }

  #refuseWebPages(context: ExecutionContext): void {
    if (isLocalCaller(context.switchToHttp().getRequest<FastifyRequest>().headers)) return;
    this.#refused('access.not_from_this_machine', context);
    throw new NotFromThisMachine();
  }

  #declaresScope(context: ExecutionContext): true {
    if (this.#declared<string | string[]>(SCOPE, context) === undefined) throw new RouteUndeclared();
    return true;
  }

  #holdsScope(context: ExecutionContext): true {
    const anyOf = [this.#declared<string | string[]>(SCOPE, context) ?? ''].flat();
    const held = this.current.actor.scopes ?? [];
    if (anyOf.some((scope) => scope === '' || missingScopes(held, [scope]).length === 0)) return true;
    this.#refused('access.insufficient_scope', context);
    throw new InsufficientScope(anyOf, { anyOf: true });
  }

  #declared<T>(key: string, context: ExecutionContext): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(key, [context.getHandler(), context.getClass()]);
  }

  #refused(action: string, context: ExecutionContext): void {
    const { method, routeOptions } = context.switchToHttp().getRequest<FastifyRequest>();
    this.audit.refused(action, 'route', `${method} ${routeOptions.url ?? 'none'}`);
  }
}
