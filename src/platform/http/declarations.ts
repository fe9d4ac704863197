import type { Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner } from '@nestjs/core';
import { audienceOf, SCOPE } from './audience.js';
import type { ScopeNames } from './scopes.js';

/**
 * Faults that keep these controllers from being served, one line each. A controller without an audience would answer
 * everyone; a route with a misspelled scope would answer only tokens that hold all scopes.
 */
export const misdeclared = (controllers: readonly Type[], scopes: ScopeNames): string[] =>
  controllers.flatMap((controller) => {
    const audience = audienceOf(controller);
    if (audience === undefined) return [`${controller.name} declares no audience`];
    return audience === 'admin' ? handlersOf(controller).flatMap((name) => scopeProblem(controller, name, scopes)) : [];
  });

function scopeProblem(controller: Type, handler: string, scopes: ScopeNames): string[] {
  const declared = scopeOf(controller.prototype[handler] as object) ?? scopeOf(controller);
  const where = `${controller.name}.${handler}`;
  if (declared === undefined) return [`${where} declares no scope`];
  return [declared]
    .flat()
    .filter((scope) => scope !== '' && !scopes.has(scope))
    .map((scope) => `${where} requires the scope "${scope}", which does not exist`);
}

const scopeOf = (target: object): string | string[] | undefined =>
  Reflect.getMetadata(SCOPE, target) as string | string[] | undefined;

/** The methods of a controller that handle a route, inherited ones included, as Nest finds them. */
const handlersOf = ({ prototype }: Type): string[] =>
  new MetadataScanner()
    .getAllMethodNames(prototype as object)
    .filter((name) => Reflect.hasMetadata(PATH_METADATA, prototype[name] as object));

/** The handlers of a controller that any valid token may call. */
export const openToAnyToken = (controller: Type): string[] =>
  handlersOf(controller)
    .filter((name) => [scopeOf(controller.prototype[name] as object) ?? scopeOf(controller)].flat().includes(''))
    .map((name) => `${controller.name}.${name}`);

/**
 * The paths that a controller answers, as the router registers them. A path appears once for each method.
 * @param module the path that RouterModule gives the controller's module
 */
export const routesOf = (controller: Type, module = ''): string[] =>
  pathsOf(controller).flatMap((above) =>
    handlersOf(controller).flatMap((name) =>
      pathsOf(controller.prototype[name] as object).map((below) =>
        `/${module}/${above}/${below}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1'),
      ),
    ),
  );

const pathsOf = (target: object): string[] => [Reflect.getMetadata(PATH_METADATA, target) as string | string[]].flat();
