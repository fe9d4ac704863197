import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { CSRF, type Csrf } from './csrf.js';

const SKIPS = 'regain:form-origin-skips';

/**
 * For the one form that other sites post by design: a provider's callback. It brings no cookies and is only redirected.
 */
export const FromAnywhere = (): MethodDecorator => SetMetadata(SKIPS, true);

/**
 * For forms of flows: native flows reject browsers in their own words, the others check the origin along with the
 * form's token.
 */
export const OriginCheckedByFlow = (): MethodDecorator => SetMetadata(SKIPS, true);

/** Runs on every public controller: rejects another site's form before its body is read. */
@Injectable()
export class FormOriginGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const skips = this.reflector.get<boolean>(SKIPS, context.getHandler());
    if (request.method === 'POST' && !skips) this.csrf.checkOrigin(request);
    return true;
  }
}
