/**
 * What an identifier must hold to contain `part`, as `identifier_trigrams` of the database writes it down: each three characters
 * in a row. A part of one or two characters is looked for at the beginning, which has two blanks before it.
 *
 * @param part normalised
 */
export function trigramsOf(part: string): string[] {
  const characters = [...part];
  if (characters.length === 0) return [];
  const padded = characters.length < 3 ? [...' '.repeat(3 - characters.length), ...characters] : characters;
  const found = padded.slice(2).map((_, at) => padded.slice(at, at + 3).join(''));
  return [...new Set(found)];
}
