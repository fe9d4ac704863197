export const LOCALES = ['en', 'de', 'fr', 'es'] as const;
export type Locale = (typeof LOCALES)[number];

/** No browser sends a longer header; the rest is ignored. */
const LONGEST = 500;
const RANGE = /^([a-z]{1,8})(?:[-_][a-z0-9]{1,8})*$/i;

/**
 * The language of the first wish that we support.
 *
 * A wish is a language tag (`de-AT`, also `de_AT`) or a list as in Accept-Language (`de-CH, fr;q=0.8`); anything else,
 * including undefined, is skipped. Pass them in this order: an explicit choice, the header of the person's own request
 * (never an administrator's), the identity's trait.
 */
export function chooseLocale<Otherwise extends Locale | undefined>(
  wishes: readonly unknown[],
  otherwise: Otherwise,
): Locale | Otherwise {
  for (const wish of wishes) {
    const found = typeof wish === 'string' ? spoken(wish) : undefined;
    if (found) return found;
  }
  return otherwise;
}

/** The supported language with the highest weight; the first of equal ones. */
function spoken(wish: string): Locale | undefined {
  const ranges = wish.slice(0, LONGEST).split(',').flatMap(range);
  ranges.sort((one, other) => other.weight - one.weight);
  return ranges[0]?.locale;
}

function range(text: string): { locale: Locale; weight: number }[] {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim());
  const language = RANGE.exec(tag)?.[1]?.toLowerCase();
  const locale = LOCALES.find((each) => each === language);
  const weight = weightOf(parameters);
  return locale && weight > 0 ? [{ locale, weight }] : [];
}

function weightOf(parameters: readonly string[]): number {
  const q = parameters.find((each) => /^q\s*=/i.test(each));
  if (q === undefined) return 1;
  const weight = Number(q.slice(q.indexOf('=') + 1));
  return weight >= 0 && weight <= 1 ? weight : 0;
}

/** The property names below `traits` on a dotted path. */
export const traitSteps = (path: string | undefined): string[] | undefined =>
  path ? path.replace(/^traits\./, '').split('.') : undefined;

/** The value at a dotted path such as `traits.locale` (`regain.courier.locale_trait`). */
export function traitAt(traits: unknown, path: string | undefined): unknown {
  const steps = traitSteps(path);
  return steps?.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? Reflect.get(at, step) : undefined,
    traits,
  );
}
