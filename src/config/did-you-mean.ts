import { knownPaths, namesBelow } from './known-paths.js';

/** The key that was probably meant: one beside it that is spelt nearly so, else the only one of that name elsewhere. */
export function probablyMeant(parent: string, given: string): string | undefined {
  return nearest(given, namesBelow(parent)) ?? onlyOneNamed(given);
}

/** Short names bear one slip, longer ones two; else what begins with the name (`ui` for `ui_url`). */
function nearest(given: string, names: readonly string[]): string | undefined {
  const bearable = given.length < 5 ? 1 : 2;
  const [best] = names
    .filter((name) => !areOpposites(given, name))
    .map((name) => ({ name, slips: slips(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ slips: found }) => found <= bearable)
    .sort((one, other) => one.slips - other.slips);
  return best?.name ?? names.find((name) => name.startsWith(`${given}_`));
}

/** `max_password_length` is no slip of `min_password_length`. */
const areOpposites = (one: string, other: string): boolean =>
  ['min', 'max'].every((word) => new RegExp(`(^|_)${word}(_|$)`).test(`${one}_${other}`));

/** Kratos' keys only: what `regain` has was not meant by a file for Kratos. */
function onlyOneNamed(given: string): string | undefined {
  const places = knownPaths().filter((path) => path.split('.').at(-1) === given && !path.startsWith('regain.'));
  return places.length === 1 && !places[0]?.includes('*') ? places[0] : undefined;
}

/** Letters that are wrong, missing, too many, or swapped with their neighbour. */
function slips(one: string, other: string): number {
  let [before, row] = [[] as number[], Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[line - 1] === other[column - 1];
      const swapped =
        line > 1 && column > 1 && one[line - 1] === other[column - 2] && one[line - 2] === other[column - 1];
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
