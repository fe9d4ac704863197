/** A prepared statement with named placeholders. */
export interface NamedStatement {
  /** name of the prepared statement; each name has exactly one text */
  readonly name: string;
  /** with `$1`, `$2`, … */
  readonly text: string;
  /** names behind `$1`, `$2`, …, in that order */
  readonly placeholders: readonly string[];
}

/** A colon that is not part of a cast (`::`), followed by a name. */
const PLACEHOLDER = /(?<!:):([a-z][a-z0-9_]*)/g;

/**
 * Numbers the `:name` placeholders of a SQL text. Equal names share a number. A value that the text does not mention is
 * not sent, so parts of a statement can be left out.
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

/**
 * The values in placeholder order.
 * @throws Error naming a placeholder that has no value
 */
export function valuesOf({ name, placeholders }: NamedStatement, values: Readonly<Record<string, unknown>>): unknown[] {
  return placeholders.map((placeholder) => {
    if (values[placeholder] === undefined) throw new Error(`statement ${name} has no value for :${placeholder}`);
    return values[placeholder];
  });
}
