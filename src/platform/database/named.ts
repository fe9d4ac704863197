/** A prepared statement whose placeholders have names. */
export interface NamedStatement {
  /** of the prepared statement; one text a name */
  readonly name: string;
  /** with `$1`, `$2`, … */
  readonly text: string;
  /** what `$1`, `$2`, … stand for */
  readonly placeholders: readonly string[];
}

/** A colon that is not half of a cast, and a name. */
const PLACEHOLDER = /(?<!:):([a-z][a-z0-9_]*)/g;

/**
 * SQL with `:name` for its values, numbered once. The same name is the same value; a text that does not speak of a value
 * does not get it, so that parts of a statement can be left out.
 */
export function named(name: string, sql: string): NamedStatement {
  const numbers = new Map<string, number>();
  const text = sql.replaceAll(PLACEHOLDER, (_, placeholder: string) => {
    const number = numbers.get(placeholder) ?? numbers.size + 1;
    numbers.set(placeholder, number);
    return `$${number}`;
  });
  return { name, text, placeholders: [...numbers.keys()] };
}

/** The values in the order of their numbers. @throws Error that names a placeholder for which there is none */
export function valuesOf({ name, placeholders }: NamedStatement, values: Readonly<Record<string, unknown>>): unknown[] {
  return placeholders.map((placeholder) => {
    if (values[placeholder] === undefined) throw new Error(`statement ${name} has no value for :${placeholder}`);
    return values[placeholder];
  });
}
