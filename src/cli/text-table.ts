/** Columns are as wide as their longest cell and two spaces apart. Lines have no trailing spaces. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [head, ...rows].map((row) => row.map(oneLine));
  const widths = head.map((_, column) => Math.max(...lines.map((row) => [...(row[column] ?? '')].length)));
  return lines.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** A readable time in UTC, to the second. */
export function shortTime(at: Date | null, absent = 'never'): string {
  return at === null ? absent : `${at.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** Removes control characters, so that names, reasons and user agents can't control the terminal. */
export const oneLine = (cell: string): string => cell.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
