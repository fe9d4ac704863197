import type { EntitySchema } from '@mikro-orm/core';
import type { DynamicModule, Type } from '@nestjs/common';

/** One step of an extension's own schema. What has run anywhere never changes: append another one. */
export interface ExtensionMigration {
  /** unique in the extension; they run in the order of the list */
  readonly name: string;
  /** statements for PostgreSQL 15 or newer; names without a schema are tables of the extension */
  readonly up: readonly string[];
}

/** What a package adds to Regain. Everything but the name is optional. */
export interface ExtensionOptions {
  /** lower case words with dashes between: names the schema (`ext_…`), the configuration section, log lines */
  readonly name: string;
  /** Nest modules with the controllers and providers */
  readonly modules?: readonly (Type | DynamicModule)[];
  /** scopes that access tokens may hold besides ours, `noun:verb`, each with what it lets its holder do */
  readonly scopes?: Readonly<Record<string, string>>;
  /** a class-validator class whose initialisers are the defaults: `extensions.<name>` in kratos.yml; injected by class */
  readonly config?: new () => object;
  /** MikroORM entities; their tables live in the extension's schema */
  readonly entities?: readonly EntitySchema[];
  readonly migrations?: readonly ExtensionMigration[];
  /** where its routes are: `/admin/approvals` for routes with a token, `/approvals` for public ones */
  readonly prefixes?: readonly string[];
}

const MARK = Symbol.for('regain.extension');

/** The place of this copy of the package: an extension that another copy defined shares no class with us. */
const COPY = import.meta.url;

export interface Extension extends ExtensionOptions {
  /** the copy of the package whose `defineExtension` made it */
  readonly [MARK]: string;
}

const KEYS: readonly (keyof ExtensionOptions)[] = [
  'name',
  'modules',
  'scopes',
  'config',
  'entities',
  'migrations',
  'prefixes',
];

/**
 * Declares an extension; a module listed under `extensions` in kratos.yml exports one as its default.
 *
 * @throws Error where the declaration contradicts itself; the message says what to change
 */
export function defineExtension(options: ExtensionOptions): Extension {
  const unknown = Object.keys(options).filter((key) => !KEYS.some((known) => known === key));
  if (unknown.length > 0)
    throw new Error(`defineExtension does not know ${unknown.join(', ')}; there are ${KEYS.join(', ')}`);
  return Object.freeze({ ...options, [MARK]: COPY });
}

/** Whether `defineExtension` made it, this copy's or another one's. */
export const isExtension = (value: unknown): value is Extension =>
  typeof value === 'object' && value !== null && MARK in value;

/** Whether this copy's `defineExtension` made it. */
export const isOfThisCopy = (extension: Extension): boolean => extension[MARK] === COPY;

/** An extension that the configuration lists, with its section. */
export interface LoadedExtension {
  readonly definition: Extension;
  /** the module as the configuration names it */
  readonly module: string;
  /** an instance of `definition.config` */
  readonly config: object | undefined;
}

/** The schema in which the tables of an extension live. */
export const schemaOf = ({ name }: Pick<ExtensionOptions, 'name'>): string => `ext_${name.replaceAll('-', '_')}`;
