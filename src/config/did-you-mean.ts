import { slips } from '../platform/spelling/index.js';
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
