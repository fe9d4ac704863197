/** Columns as wide as their longest cell, two spaces apart; nothing after the last cell of a line. */
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

/** A time as people read it, to the second, UTC. */
export function shortTime(at: Date | null, absent = 'never'): string {
  return at === null ? absent : `${at.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** What came from outside (names, reasons, user agents) must not steer the terminal. */
export const oneLine = (cell: string): string => cell.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
