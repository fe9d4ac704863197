/** A row of a table in somebody else's statement: what stands in FROM, and its columns with the alias in front. */
export type ReadableRow<Column extends string> = Readonly<Record<Column | 'from' | 'alias', string>>;

/**
 * What a module lets the statements of others read of one of its tables, for its `sql.ts`. A column that is renamed or
 * missing there does not compile elsewhere. The table's name is quoted: a statement that names a foreign table without quotes
 * got it some other way, and a test finds it.
 */
export function readable<const Column extends string>(table: string, columns: readonly Column[]) {
  return (alias = table): ReadableRow<Column> => {
    const quoted = `"${alias}"`;
    const named = columns.map((column) => [column, `${quoted}.${column}`] as const);
    const from = alias === table ? quoted : `"${table}" ${quoted}`;
    return Object.fromEntries([['from', from], ['alias', quoted], ...named]) as ReadableRow<Column>;
  };
}
