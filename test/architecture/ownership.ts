import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { LOOKS_UP, OWNER } from './ownership.mjs';

/** A piece of SQL in a source file: a string, or the text between the holes of a template. */
export interface Piece {
  /** folder in `src/` */
  readonly module: string;
  readonly place: string;
  readonly text: string;
}

const TABLES = Object.keys(OWNER)
  .sort((one, other) => other.length - one.length)
  .join('|');
/** Matches a table in a statement, or a column qualified with a table's name. Keywords must be in capitals, unlike prose. */
const NAMED = new RegExp(
  `\\b(?:FROM|JOIN|INTO|UPDATE|USING|OF|TABLE)\\s+(?:ONLY\\s+)?(?:[a-z_]+(?:\\s+(?:AS\\s+)?[a-z_]+)?,\\s*)*"?(${TABLES})"?\\b(?!\\.)|(?<![.\\w"])"?(${TABLES})"?\\."?[a-z_]+`,
  'g',
);
const SQL = /\b(SELECT|FROM|WHERE|AND|OR|ON|SET|JOIN|INTO|UPDATE|RETURNING|VALUES|CASE|NULL)\b|[<>=]|::/;

export interface Mention {
  readonly table: string;
  /** with its surroundings */
  readonly text: string;
}

/** The tables named by a text, if it is SQL. */
export function mentions(text: string): Mention[] {
  if (!SQL.test(text)) return [];
  return [...text.matchAll(NAMED)].map((found) => ({
    table: found[1] ?? found[2] ?? '',
    text: text.slice(Math.max(0, found.index - 20), found.index + found[0].length + 20).replace(/\s+/g, ' '),
  }));
}

/** All strings and templates in `root`/src, except in migrations, which create the tables. */
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

/** Whether the string is just a table's name: `table: 'x'`, `readable('x', …)`. */
function namesTable({ parent }: ts.Node): boolean {
  if (ts.isPropertyAssignment(parent)) return parent.name.getText() === 'table';
  return ts.isCallExpression(parent) && parent.expression.getText() === 'readable';
}

const looksUp = (place: string, table: string): boolean =>
  LOOKS_UP.some((known) => place.startsWith(`${known.file}:`) && known.table === table);

/** The places where a module names another module's table, as `place: table (owner)`. */
export function foreignTables(pieces: readonly Piece[]): string[] {
  return pieces.flatMap(({ module, place, text }) =>
    mentions(text)
      .filter(({ table }) => OWNER[table] !== module && !looksUp(place, table))
      .map(({ table }) => `${place}: ${table} (${OWNER[table]})`),
  );
}

/** The text between placeholders, on one line. The ORM's driver writes values into the text, so they differ. */
const segments = (text: string): string[] =>
  text.split(/(?<!:):[a-z][a-z0-9_]*|\$\d+|\?/).map((segment) => segment.replace(/\s+/g, ' ').trim());

/** Shorter pieces, such as `FROM identity`, could come from anywhere. */
const SHORTEST = 24;

/**
 * The foreign tables that a complete statement names without quotes, although the statement contains no piece of the
 * table's owner.
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

/** Tables that migrations create without an owner, and owned tables that no migration creates. */
export function unowned(root: string): string[] {
  const made = globSync('src/database/migrations/*.ts', { cwd: root })
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .flatMap((text) => [...text.matchAll(/CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?"?([a-z_]+)"?[^.]/g)])
    .map(([, table]) => table ?? '');
  const owned = Object.keys(OWNER);
  return [...made.filter((table) => !owned.includes(table)), ...owned.filter((table) => !made.includes(table))];
}
