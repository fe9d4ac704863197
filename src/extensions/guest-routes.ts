import type { INestApplicationContext, Type } from '@nestjs/common';
import { MODULE_PATH } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import type { LoadedExtension } from '../platform/extension/index.js';
import { audienceOf, openToAnyToken, routesOf } from '../platform/http/index.js';
import { isBelow } from './declarations.js';
import { ownersOf } from './owners.js';

/** What keeps the routes of extensions from being served, a line each. */
export function guestRouteProblems(app: INestApplicationContext, extensions: readonly LoadedExtension[]): string[] {
  const owners = ownersOf(extensions);
  const modules = app.get(ModulesContainer);
  const controllers = [...modules.values()].flatMap(({ metatype, controllers: declared }) => {
    const path = Reflect.getMetadata(MODULE_PATH + modules.applicationId, metatype) as string | undefined;
    return [...declared.values()].map((each) => {
      const type = each.metatype as Type;
      return { type, routes: routesOf(type, path), owner: owners.get(metatype) };
    });
  });
  const ours = controllers.filter(({ owner }) => owner === undefined).flatMap(({ routes }) => routes);
  return controllers.flatMap(({ type, routes, owner }) =>
    owner ? [...scopeProblems(type, owner), ...routeProblems(type, routes, owner, ours)] : [],
  );
}

const scopeProblems = (controller: Type, { module }: LoadedExtension): string[] =>
  openToAnyToken(controller).map((handler) => `${module}: ${handler} names no scope, so that any token could call it`);

function routeProblems(
  controller: Type,
  routes: readonly string[],
  { definition, module }: LoadedExtension,
  ours: readonly string[],
): string[] {
  const { prefixes = [] } = definition;
  const admin = audienceOf(controller) === 'admin';
  return routes.flatMap((route) => {
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
