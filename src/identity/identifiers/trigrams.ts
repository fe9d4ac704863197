/**
 * The trigrams that an identifier must have to contain `part`, as the database's `identifier_trigrams` builds them:
 * every run of three characters. A part of one or two characters only matches at the start, which is padded with two
 * blanks.
 *
 * @param part normalized
 */
export function trigramsOf(part: string): string[] {
  const characters = [...part];
  if (characters.length === 0) return [];
  const padded = characters.length < 3 ? [...' '.repeat(3 - characters.length), ...characters] : characters;
  const found = padded.slice(2).map((_, at) => padded.slice(at, at + 3).join(''));
  return [...new Set(found)];
}
