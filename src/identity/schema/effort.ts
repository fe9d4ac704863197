/** Checking the traits would take more work than one request may. The message gives the limit. */
export class TooMuchToCheck extends Error {}

/** Characters of one document that all patterns together may read; each takes a fraction of a microsecond. */
const MOST_CHARACTERS = 200_000;
/** Identifiers and addresses in one document. */
const MOST_MEANT = 1_000;

/** The cost of checking one document so far. It is limited, because nothing else runs in the meantime. */
export class Effort {
  #characters = 0;

  begin(): void {
    this.#characters = 0;
  }

  /**
   * Called before a pattern reads a text.
   * @throws TooMuchToCheck
   */
  look(text: string): void {
    this.#characters += text.length;
    if (this.#characters > MOST_CHARACTERS)
      throw new TooMuchToCheck(`patterns may read at most ${MOST_CHARACTERS} characters of an identity`);
  }

  /**
   * @param found number of identifiers and addresses so far
   * @throws TooMuchToCheck
   */
  count(found: number): void {
    if (found > MOST_MEANT)
      throw new TooMuchToCheck(`an identity may have at most ${MOST_MEANT} identifiers and addresses`);
  }
}
