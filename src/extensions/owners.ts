import type { DynamicModule, ForwardReference, Type } from '@nestjs/common';
import type { LoadedExtension } from '../platform/extension/index.js';

type Imported = Type | DynamicModule | ForwardReference | Promise<DynamicModule>;

/** Whose each module is: what an extension lists, and what that imports. Of two extensions the first one has it. */
export function ownersOf(extensions: readonly LoadedExtension[]): Map<unknown, LoadedExtension> {
  const owners = new Map<unknown, LoadedExtension>();
  const claim = (given: Imported, extension: LoadedExtension): void => {
    const imported = 'forwardRef' in given ? (given.forwardRef() as Type | DynamicModule) : given;
    if (imported instanceof Promise) return;
    const { type, more } =
      'module' in imported ? { type: imported.module, more: imported.imports } : { type: imported, more: [] };
    if (owners.has(type)) return;
    owners.set(type, extension);
    const declared = (Reflect.getMetadata('imports', type) ?? []) as Imported[];
    for (const below of [...declared, ...((more ?? []) as Imported[])]) claim(below, extension);
  };
  for (const extension of extensions) for (const module of extension.definition.modules ?? []) claim(module, extension);
  return owners;
}
