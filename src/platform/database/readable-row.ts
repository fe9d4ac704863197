/** A table row for use in another module's statement: what to put in FROM, and its columns prefixed with the alias. */
export type ReadableRow<Column extends string> = Readonly<Record<Column | 'from' | 'alias', string>>;

/**
 * For a module's `sql.ts`: the columns of one of its tables that other modules' statements may read. If a column is
 * renamed or removed there, their code does not compile. The table's name is quoted, so that a test can find statements
 * that name a foreign table on their own, without quotes.
 */
export function readable<const Column extends string>(table: string, columns: readonly Column[]) {
  return (alias = table): ReadableRow<Column> => {
    const quoted = `"${alias}"`;
    const named = columns.map((column) => [column, `${quoted}.${column}`] as const);
    const from = alias === table ? quoted : `"${table}" ${quoted}`;
    return Object.fromEntries([['from', from], ['alias', quoted], ...named]) as ReadableRow<Column>;
  };
}
