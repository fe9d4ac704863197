import type { Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { audienceOf, SCOPE } from './audience.js';
import { isScope } from './scopes.js';

/**
 * Faults that keep these controllers from being served, one line each. A controller without an audience would answer
 * everyone; a route with a misspelled scope would answer only tokens that hold all scopes.
 */
export const misdeclared = (controllers: readonly Type[]): string[] =>
  controllers.flatMap((controller) => {
    const audience = audienceOf(controller);
    if (audience === undefined) return [`${controller.name} declares no audience`];
    return audience === 'admin' ? handlersOf(controller).flatMap((name) => scopeProblem(controller, name)) : [];
  });

function scopeProblem(controller: Type, handler: string): string[] {
  const declared = scopeOf(controller.prototype[handler] as object) ?? scopeOf(controller);
  const where = `${controller.name}.${handler}`;
  if (declared === undefined) return [`${where} declares no scope`];
  return [declared]
    .flat()
    .filter((scope) => scope !== '' && !isScope(scope))
    .map((scope) => `${where} requires the scope "${scope}", which does not exist`);
}

const scopeOf = (target: object): string | string[] | undefined =>
  Reflect.getMetadata(SCOPE, target) as string | string[] | undefined;

/** The methods of a controller that handle a route. */
const handlersOf = ({ prototype }: Type): string[] =>
  Object.getOwnPropertyNames(prototype).filter((name) => {
    const { value } = Object.getOwnPropertyDescriptor(prototype, name)!;
    return typeof value === 'function' && name !== 'constructor' && Reflect.hasMetadata(PATH_METADATA, value);
  });
