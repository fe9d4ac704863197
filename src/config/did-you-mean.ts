import { slips } from '../platform/spelling/index.js';
import { knownPaths, namesBelow } from './known-paths.js';

/** Guesses the intended key: a sibling with similar spelling, otherwise the only key with that name elsewhere. */
export function probablyMeant(parent: string, given: string): string | undefined {
  return nearest(given, namesBelow(parent)) ?? onlyOneNamed(given);
}

/** Allows one typo in short names and two in longer ones; otherwise a name that starts with it (`ui` for `ui_url`). */
function nearest(given: string, names: readonly string[]): string | undefined {
  const bearable = given.length < 5 ? 1 : 2;
  const [best] = names
    .filter((name) => !areOpposites(given, name))
    .map((name) => ({ name, slips: slips(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ slips: found }) => found <= bearable)
    .sort((one, other) => one.slips - other.slips);
  return best?.name ?? names.find((name) => name.startsWith(`${given}_`));
}

/** `max_password_length` isn't a typo of `min_password_length`. */
const areOpposites = (one: string, other: string): boolean =>
  ['min', 'max'].every((word) => new RegExp(`(^|_)${word}(_|$)`).test(`${one}_${other}`));

/** Excludes `regain` keys: a file written for Kratos doesn't mean those. */
function onlyOneNamed(given: string): string | undefined {
  const places = knownPaths().filter((path) => path.split('.').at(-1) === given && !path.startsWith('regain.'));
  return places.length === 1 && !places[0]?.includes('*') ? places[0] : undefined;
}
