/** The traits ask for more work than one request may. The message says which, and how much may be. */
export class TooMuchToCheck extends Error {}

/** Characters of one document that patterns look at, all patterns together: each takes a fraction of a microsecond. */
const MOST_CHARACTERS = 200_000;
/** Values of one document by which somebody signs in or can be reached. */
const MOST_MEANT = 1_000;

/** What checking one document has cost so far. Nothing else runs meanwhile, so it has an end. */
export class Effort {
  #characters = 0;

  begin(): void {
    this.#characters = 0;
  }

  /** Before a pattern looks at a text. @throws TooMuchToCheck */
  look(text: string): void {
    this.#characters += text.length;
    if (this.#characters > MOST_CHARACTERS)
      throw new TooMuchToCheck(`patterns compare at most ${MOST_CHARACTERS} characters of an identity`);
  }

  /** @param found values that mean something, so far @throws TooMuchToCheck */
  count(found: number): void {
    if (found > MOST_MEANT) throw new TooMuchToCheck(`an identity has at most ${MOST_MEANT} identifiers and addresses`);
  }
}
