/**
 * A copy of the traits without the value at the path. In a list, later items move up.
 * @param path keys and list indexes, starting at the traits
 */
export function withoutTrait(
  traits: Readonly<Record<string, unknown>>,
  path: readonly string[],
): Record<string, unknown> {
  return without(traits, path) as Record<string, unknown>;
}

function without(value: unknown, [key = '', ...rest]: readonly string[]): unknown {
  if (Array.isArray(value))
    return rest.length === 0
      ? value.filter((_, index) => String(index) !== key)
      : value.map((item: unknown, index) => (String(index) === key ? without(item, rest) : item));
  const entries = Object.entries(value as Record<string, unknown>);
  return Object.fromEntries(
    entries.flatMap(([name, item]) =>
      name !== key ? [[name, item]] : rest.length === 0 ? [] : [[name, without(item, rest)]],
    ),
  );
}
