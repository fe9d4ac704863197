import type { INestApplicationContext, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { LoadedExtension } from '../platform/extension/index.js';
import { audienceOf, routesOf } from '../platform/http/index.js';
import { isBelow } from './declarations.js';
import { ownersOf } from './owners.js';

/** What keeps the routes of extensions from being served, a line each. */
export function guestRouteProblems(app: INestApplicationContext, extensions: readonly LoadedExtension[]): string[] {
  const owners = ownersOf(extensions);
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].map(({ metatype }) => ({
      type: metatype as Type,
      owner: owners.get(module.metatype),
    })),
  );
  const ours = controllers.filter(({ owner }) => owner === undefined).flatMap(({ type }) => routesOf(type));
  return controllers.flatMap(({ type, owner }) => (owner ? problemsOf(type, owner, ours) : []));
}

function problemsOf(controller: Type, { definition, module }: LoadedExtension, ours: readonly string[]): string[] {
  const { prefixes = [] } = definition;
  const admin = audienceOf(controller) === 'admin';
  return routesOf(controller).flatMap((route) => {
    const where = `${module}: ${controller.name} answers ${route}`;
    const prefix = prefixes.find((each) => isBelow(route, each));
    if (prefix === undefined)
      return [`${where}, which is below none of its prefixes (${prefixes.join(', ') || 'it declares none'})`];
    if (isBelow(prefix, '/admin') !== admin)
      return [
        `${where} ${admin ? 'with' : 'without'} a token: use ${admin ? 'a prefix below /admin' : '@AdminController below /admin'}`,
      ];
    return ours.some((each) => isBelow(each, prefix))
      ? [`${where}, and ${prefix} is Regain's: choose another prefix`]
      : [];
  });
}
