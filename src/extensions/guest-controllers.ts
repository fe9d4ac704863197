import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { guardedController, SCOPE } from '../platform/http/index.js';

/**
 * A controller of an extension below `/admin`, guarded by a personal access token that has `scope`: one of ours, or one that
 * the extension declares. A scope that nobody declares stops the start.
 */
export const AdminController = (path: string, { scope }: { scope: string }): ClassDecorator =>
  applyDecorators(guardedController(path, scope), ApiBearerAuth());

/** The scope of one method, where it differs from its controller's; of several, any one is enough. */
export const Scope = (...scopes: [string, ...string[]]): MethodDecorator => SetMetadata(SCOPE, scopes);
