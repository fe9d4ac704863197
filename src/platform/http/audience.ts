import { applyDecorators, Controller, SetMetadata, type Type, UseGuards } from '@nestjs/common';
import { FormOriginGuard } from './form-origin.guard.js';
import type { ScopeName } from './scopes.js';

/**
 * Who a route is for. `admin` and `public` routes answer only on their own listener, `open` ones on both without a
 * token.
 */
export type AudienceName = 'admin' | 'public' | 'open';

export const AUDIENCE = 'regain:audience';
export const SCOPE = 'regain:scope';

export const Audience = (name: AudienceName): MethodDecorator & ClassDecorator => SetMetadata(AUDIENCE, name);

/**
 * A controller under `/admin` that requires a personal access token with `scope`. @Scope overrides the scope of one
 * method.
 */
export function AdminController(path: string, options: { scope: ScopeName }): ClassDecorator {
  return guardedController(path, options.scope);
}

/** The same with a scope that only startup can check: an extension's. */
export const guardedController = (path: string, scope: string): ClassDecorator =>
  applyDecorators(Controller(`admin/${path}`), Audience('admin'), SetMetadata(SCOPE, scope));

/**
 * A controller for browsers and native clients, on the public listener. Accepts forms only from our own and configured
 * pages.
 */
export function PublicController(path = ''): ClassDecorator {
  return applyDecorators(Controller(path), Audience('public'), UseGuards(FormOriginGuard));
}

/** A controller on both listeners that needs no token: health, version, schemas. */
export function OpenController(path: string | string[] = ''): ClassDecorator {
  return applyDecorators(Controller(path), Audience('open'));
}

/** The audience that a controller class declares. Startup fails if it is undefined. */
export function audienceOf(controller: Type): AudienceName | undefined {
  return Reflect.getMetadata(AUDIENCE, controller) as AudienceName | undefined;
}

/** Any valid token is enough. */
type AnyToken = '';

/** The scope of one method if it differs from its controller's. If several are listed, any one of them is enough. */
export const Scope = (...scopes: [ScopeName | AnyToken, ...ScopeName[]]): MethodDecorator =>
  SetMetadata(SCOPE, scopes.length === 1 ? scopes[0] : scopes);
