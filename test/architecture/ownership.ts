import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { LOOKS_UP, OWNER } from './ownership.mjs';

/** A piece of SQL as it stands in a source file: a string, or what is between the holes of a template. */
export interface Piece {
  /** of `src/` */
  readonly module: string;
  readonly place: string;
  readonly text: string;
}

const TABLES = Object.keys(OWNER)
  .sort((one, other) => other.length - one.length)
  .join('|');
/** A table where a statement names one, and a column behind a table's own name. Keywords are in capitals, prose is not. */
const NAMED = new RegExp(
  `\\b(?:FROM|JOIN|INTO|UPDATE|USING|OF|TABLE)\\s+(?:ONLY\\s+)?(?:[a-z_]+(?:\\s+(?:AS\\s+)?[a-z_]+)?,\\s*)*"?(${TABLES})"?\\b(?!\\.)|(?<![.\\w"])"?(${TABLES})"?\\."?[a-z_]+`,
  'g',
);
const SQL = /\b(SELECT|FROM|WHERE|AND|OR|ON|SET|JOIN|INTO|UPDATE|RETURNING|VALUES|CASE|NULL)\b|[<>=]|::/;

export interface Mention {
  readonly table: string;
  /** with what stands around it */
  readonly text: string;
}

/** The tables that a text names, if it is SQL. */
export function mentions(text: string): Mention[] {
  if (!SQL.test(text)) return [];
  return [...text.matchAll(NAMED)].map((found) => ({
    table: found[1] ?? found[2] ?? '',
    text: text.slice(Math.max(0, found.index - 20), found.index + found[0].length + 20).replace(/\s+/g, ' '),
  }));
}

/** Every string and template of the sources below `root`/src, but for migrations, which make the tables. */
export function piecesOf(root: string): Piece[] {
  return globSync('src/**/*.{ts,tsx}', { cwd: root })
    .filter((path) => !/\.spec\.tsx?$|\/migrations\//.test(path))
    .flatMap((path) => piecesIn(path, readFileSync(join(root, path), 'utf8')));
}

export function piecesIn(path: string, source: string): Piece[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const pieces: Piece[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      const text = namesTable(node) ? `FROM ${node.text}` : node.text;
      pieces.push({ module: path.split('/')[1] ?? '', place: `${path}:${line + 1}`, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return pieces;
}

/** Whether the string is the table's name by itself: `table: 'x'`, `readable('x', …)`. */
function namesTable({ parent }: ts.Node): boolean {
  if (ts.isPropertyAssignment(parent)) return parent.name.getText() === 'table';
  return ts.isCallExpression(parent) && parent.expression.getText() === 'readable';
}

const looksUp = (place: string, table: string): boolean =>
  LOOKS_UP.some((known) => place.startsWith(`${known.file}:`) && known.table === table);

/** Where a module names a table of another, as `place: table (owner)`. */
export function foreignTables(pieces: readonly Piece[]): string[] {
  return pieces.flatMap(({ module, place, text }) =>
    mentions(text)
      .filter(({ table }) => OWNER[table] !== module && !looksUp(place, table))
      .map(({ table }) => `${place}: ${table} (${OWNER[table]})`),
  );
}

/** What stands between placeholders, on one line: values differ, and the driver of the ORM writes them into the text. */
const segments = (text: string): string[] =>
  text.split(/(?<!:):[a-z][a-z0-9_]*|\$\d+|\?/).map((segment) => segment.replace(/\s+/g, ' ').trim());

/** `FROM identity` alone tells nothing of where it comes from. */
const SHORTEST = 24;

/**
 * The foreign tables that a whole statement names without quotes, and without a piece of the table's owner that it was
 * put together from.
 */
export function strangers(statement: string, pieces: readonly Piece[]): string[] {
  const text = statement.replace(/\s+/g, ' ');
  const unquoted = mentions(statement.replace(/'(?:[^']|'')*'/g, `''`)).filter(
    ({ text, table }) => !text.includes(`"${table}"`),
  );
  const named = new Set(unquoted.map(({ table }) => table));
  const comesFrom = (piece: Piece, table: string): boolean =>
    (piece.module === OWNER[table] || looksUp(piece.place, table)) &&
    piece.text.trim().length >= SHORTEST &&
    mentions(piece.text).some((mention) => mention.table === table) &&
    segments(piece.text).every((segment) => text.includes(segment));
  return [...named].filter((table) => !pieces.some((piece) => comesFrom(piece, table)));
}

/** Tables that migrations make and nobody owns, and those that are owned and never made. */
export function unowned(root: string): string[] {
  const made = globSync('src/database/migrations/*.ts', { cwd: root })
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .flatMap((text) => [...text.matchAll(/CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?"?([a-z_]+)"?[^.]/g)])
    .map(([, table]) => table ?? '');
  const owned = Object.keys(OWNER);
  return [...made.filter((table) => !owned.includes(table)), ...owned.filter((table) => !made.includes(table))];
}
