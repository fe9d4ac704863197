import { type ConfigFactoryKeyHost, getConfigToken, registerAs } from '@nestjs/config';
import type { Configuration } from './configuration.js';
import { FileShape } from './file-shape.js';
import { type Key, keysOf, type SectionClass, type Visible } from './keys.js';
import { RootConfig } from './sections/root.config.js';

type SectionName = Exclude<keyof FileShape, keyof RootConfig>;

/** A section of kratos.yml, for `@Inject(it.KEY)` and `ConfigType<typeof it>`. */
type Namespace<Name extends SectionName> = (() => Visible<FileShape[Name]>) & Pick<ConfigFactoryKeyHost, 'KEY'>;

/** The sections as `ConfigService` serves them, by path in kratos.yml and without secret keys. */
export const NAMESPACES: { readonly [Name in SectionName]: Namespace<Name> } = Object.fromEntries(
  keysOf(FileShape)
    .filter(({ kind }) => kind === 'section')
    .map(({ name }) => [name, Object.assign(unread(name), { KEY: getConfigToken(name) })]),
) as never;

/** What `@nestjs/config` loads: every section under its name, and the top-level keys. */
export function namespacesOf(configuration: Configuration): (() => object)[] {
  const names = Object.keys(NAMESPACES) as SectionName[];
  return [
    () => visible(RootConfig, configuration.root),
    ...names.map((name) => registerAs(name, () => visible(shapeOf(name), configuration[name]))),
  ];
}

/** Namespaces exist before the configuration does; the application supplies the values. */
function unread(name: string): () => never {
  return () => {
    throw new Error(`the section ${name} is injected by its KEY`);
  };
}

function shapeOf(name: SectionName): SectionClass {
  const shape = keysOf(FileShape).find((key) => key.name === name)?.shape;
  if (shape === undefined) throw new Error(`${name} is no section`);
  return shape();
}

/** A frozen copy of the section without its secret keys, at every depth. */
function visible<T extends object>(shape: SectionClass, section: T): Visible<T> {
  const shown = keysOf(shape).filter(({ secret }) => !secret);
  const entries = shown.map((key) => [key.name, visibleValue(key, Reflect.get(section, key.name))]);
  return Object.freeze(Object.fromEntries(entries)) as Visible<T>;
}

function visibleValue({ kind, shape }: Key, value: unknown): unknown {
  if (shape === undefined) return value;
  if (kind === 'items') return Object.freeze((value as object[]).map((item) => visible(shape(), item)));
  return visible(shape(), value as object);
}
