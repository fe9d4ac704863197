import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAY_USE } from './matrix.mjs';
import { SURFACES } from './surfaces.js';

const SRC = join(import.meta.dirname, '../../src');

const className = (folder: string): string =>
  folder.replace(/(^|-)(.)/g, (_match, _dash: string, letter: string) => letter.toUpperCase());

interface Room {
  name: string;
  door: Record<string, unknown>;
  module: object;
}

/** All folders with a static Nest module. config, pages and purge use `forRoot` and have no static surface. */
const rooms: Room[] = [];
for (const name of Object.keys(MAY_USE)) {
  if (!existsSync(join(SRC, name, `${name}.module.ts`))) continue;
  const door = (await import(join(SRC, name, 'index.ts'))) as Record<string, unknown>;
  const module = door[`${className(name)}Module`] as object;
  if (!('forRoot' in module)) rooms.push({ name, door, module });
}

type Named = { name?: string; description?: string } | undefined;

/** The name of a class or the description of a port; `undefined` reveals a circular import. */
const nameOf = (it: unknown): string => (it as Named)?.name ?? (it as Named)?.description ?? 'undefined';
const metadata = (key: string, module: object): string[] => {
  const list = Reflect.getMetadata(key, module) as unknown[] | undefined;
  return (list ?? []).map(nameOf);
};

test('surfaces.ts lists exactly the modules that exist', () => {
  expect(Object.keys(SURFACES).sort()).toEqual(rooms.map((room) => room.name).sort());
});

describe.each(rooms)('$name', ({ name, door, module }) => {
  const stated = SURFACES[name] ?? { imports: [], exports: [] };

  test('imports and exports what surfaces.ts lists', () => {
    expect({ imports: metadata('imports', module), exports: metadata('exports', module) }).toEqual(stated);
  });

  test('exports no repository, entity or row', () => {
    expect(Object.keys(door).filter((word) => /(Repository|Entity|Entities|Row)$/.test(word))).toEqual([]);
  });

  test('re-exports no other module', () => {
    expect(stated.exports.filter((word) => word.endsWith('Module'))).toEqual([]);
  });

  test('imports only modules that the matrix allows', () => {
    const allowed = (MAY_USE as Record<string, readonly string[]>)[name]!.map((other) => `${className(other)}Module`);
    expect(stated.imports.filter((word) => !allowed.includes(word))).toEqual([]);
  });
});
