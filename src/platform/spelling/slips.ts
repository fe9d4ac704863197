interface Counted {
  /** two neighbours that changed places are one edit (Damerau), not two (Levenshtein) */
  readonly swaps: boolean;
}

/** The number of wrong, missing, extra or transposed letters. */
export const slips = (one: string, other: string): number => edits(one, other, { swaps: true });

/** Edit distance of two texts, or of two lists of characters. */
export function edits(one: ArrayLike<string>, other: ArrayLike<string>, { swaps }: Counted): number {
  let [before, row] = [[] as number[], Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[line - 1] === other[column - 1];
      const swapped =
        swaps && line > 1 && column > 1 && one[line - 1] === other[column - 2] && one[line - 2] === other[column - 1];
      next[column] = Math.min(
        at(row, column) + 1,
        at(next, column - 1) + 1,
        at(row, column - 1) + (same ? 0 : 1),
        swapped ? at(before, column - 2) + 1 : Infinity,
      );
    }
    [before, row] = [row, next];
  }
  return at(row, other.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity;
