import { applyDecorators, Controller, SetMetadata, type Type, UseGuards } from '@nestjs/common';
import { FormOriginGuard } from './form-origin.guard.js';
import type { ScopeName } from './scopes.js';

/**
 * Who a route is for. `admin` and `public` routes answer on their own listener only; `open` ones on both, without a token.
 */
export type AudienceName = 'admin' | 'public' | 'open';

export const AUDIENCE = 'regain:audience';
export const SCOPE = 'regain:scope';

export const Audience = (name: AudienceName): MethodDecorator & ClassDecorator => SetMetadata(AUDIENCE, name);

/** A controller under `/admin`, guarded by a personal access token that has `scope` (a method may name another one with @Scope). */
export function AdminController(path: string, options: { scope: ScopeName }): ClassDecorator {
  return applyDecorators(Controller(`admin/${path}`), Audience('admin'), SetMetadata(SCOPE, options.scope));
}

/** A controller for people and their browsers, on the public listener; it takes forms from our own and configured pages only. */
export function PublicController(path = ''): ClassDecorator {
  return applyDecorators(Controller(path), Audience('public'), UseGuards(FormOriginGuard));
}

/** Both listeners, no token: health, version, schemas. */
export function OpenController(path: string | string[] = ''): ClassDecorator {
  return applyDecorators(Controller(path), Audience('open'));
}

/** The audience that a controller class declares; undefined stops the start. */
export function audienceOf(controller: Type): AudienceName | undefined {
  return Reflect.getMetadata(AUDIENCE, controller) as AudienceName | undefined;
}

/** Any valid token may. */
type AnyToken = '';

/** The scope of one method, where it differs from its controller's; of several, any one is enough. */
export const Scope = (...scopes: [ScopeName | AnyToken, ...ScopeName[]]): MethodDecorator =>
  SetMetadata(SCOPE, scopes.length === 1 ? scopes[0] : scopes);
