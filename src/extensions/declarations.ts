import type { FoundExtension } from '../config/index.js';
import { type Extension, schemaOf } from '../platform/extension/index.js';
import { SCOPES } from '../platform/http/index.js';
import { foreignTables } from './foreign-tables.js';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST_NAME = 40;
const SCOPE = /^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$/;
const PREFIX = /^(\/admin)?(\/[a-z0-9][a-z0-9-]*)+$/;
/** The first words of our own public routes; those below /admin are compared when the routes are there. */
const OURS = /^\/(self-service|sessions|ui|schemas|health|version|docs|openapi|api|admin)$/;
/** In kratos.yml it stands beside the sections. */
const RESERVED = ['load'];

/** What is wrong with one declaration; each text follows the extension's name. */
export function declarationProblems(extension: Extension): string[] {
  const { name, scopes = {}, prefixes = [], migrations = [] } = extension;
  return [
    ...(isName(name) ? [] : [`must have a name of lower case words with dashes between, at most ${LONGEST_NAME} long`]),
    ...Object.keys(scopes).flatMap(scopeProblem),
    ...prefixes.flatMap(prefixProblem),
    ...twice(migrations.map((migration) => migration.name)).map((one) => `has two migrations called ${one}`),
    ...migrations.flatMap(({ name: migration, up }) =>
      up
        .flatMap((sql) => foreignTables(sql, schemaOf(extension), { migrates: true }))
        .map(
          (foreign) =>
            `touches ${foreign} in the migration ${migration}: its tables live in ${schemaOf(extension)}, so leave the schema out`,
        ),
    ),
  ];
}

const isName = (name: unknown): boolean =>
  typeof name === 'string' && NAME.test(name) && name.length <= LONGEST_NAME && !RESERVED.includes(name);

function scopeProblem(scope: string): string[] {
  if (SCOPES.some((ours) => ours === scope))
    return [`declares the scope ${scope}, which Regain has already: rename it`];
  return SCOPE.test(scope) ? [] : [`declares the scope ${scope}: write it as noun:verb, in lower case`];
}

function prefixProblem(prefix: string): string[] {
  if (!PREFIX.test(prefix))
    return [
      `declares the prefix ${prefix}: write it as /admin/words for routes with a token, or /words for public ones`,
    ];
  const first = prefix.replace(/^(\/[^/]+).*/, '$1');
  const ours = first === '/admin' ? prefix === '/admin' : OURS.test(first);
  return ours ? [`declares the prefix ${prefix}, which is Regain's: choose another one`] : [];
}

/** What two extensions both claim. */
export function clashes(found: readonly FoundExtension[]): string[] {
  const claims = (what: string, of: (extension: Extension) => readonly string[]): string[] =>
    twice(found.flatMap(({ definition }) => of(definition))).map((claim) => {
      const who = found.filter(({ definition }) => of(definition).includes(claim)).map(({ module }) => module);
      return `${[...new Set(who)].join(' and ')} both declare the ${what} ${claim}: rename one, or list only one`;
    });
  return [
    ...claims('name', ({ name }) => [name]),
    ...claims('scope', ({ scopes = {} }) => Object.keys(scopes)),
    ...overlaps(found),
  ];
}

/** Prefixes of two extensions of which one holds the other. */
function overlaps(found: readonly FoundExtension[]): string[] {
  const all = found.flatMap(({ module, definition }) =>
    (definition.prefixes ?? []).map((prefix) => ({ module, prefix })),
  );
  return all.flatMap((one, at) =>
    all
      .slice(at + 1)
      .filter(({ prefix }) => isBelow(prefix, one.prefix) || isBelow(one.prefix, prefix))
      .map(({ module, prefix }) => `${one.module} and ${module} both claim ${prefix}: give each a prefix of its own`),
  );
}

/** Whether a path is a prefix, or below it. */
export const isBelow = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`);

const twice = (words: readonly string[]): string[] => [
  ...new Set(words.filter((word, at) => words.indexOf(word) !== at)),
];
