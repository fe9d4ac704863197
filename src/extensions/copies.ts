import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Packages whose classes an extension shares with us: two copies of one would be two different classes each. */
const SHARED = ['regain', '@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs', '@mikro-orm/core'];

interface SecondCopy {
  readonly name: string;
  /** the directory that the extension would load it from */
  readonly theirs: string;
  readonly ours: string;
}

/** The shared packages that a module would load from another place than we do. */
export function secondCopies(file: string): SecondCopy[] {
  return SHARED.flatMap((name) => {
    const [theirs, ours] = [packageFolder(name, dirname(file)), packageFolder(name, import.meta.dirname)];
    return theirs === undefined || ours === undefined || theirs === ours ? [] : [{ name, theirs, ours }];
  });
}

/** Where Node finds a package from a directory: its real path. A package finds itself by its name, too. */
export function packageFolder(name: string, from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const there = join(at, 'node_modules', name);
    if (existsSync(join(there, 'package.json'))) return realpathSync(there);
    if (nameOf(at) === name) return realpathSync(at);
    if (dirname(at) === at) return undefined;
  }
}

function nameOf(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string }).name;
  } catch {
    return undefined;
  }
}
