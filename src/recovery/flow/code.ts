/** Digits. Short, so only a few guesses are ever compared, and only an HMAC is kept. */
export const CODE_LENGTH = 6;

/** Characters that are looked at; nobody pastes more around a code. */
const LONGEST = 256;
const DIGIT = /\p{Nd}/u;

/**
 * What a person typed or pasted, without what mail programs, keyboards and habits put around and into a code: blanks, line
 * breaks, dashes, quotes, invisible characters. Digits of any script count as what they mean.
 */
export function typedCode(text: string): string {
  return text
    .slice(0, LONGEST)
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll(/\p{Nd}/gu, plainDigit);
}

/** The ten digits of a script follow one another, zero first. */
function plainDigit(digit: string): string {
  const point = digit.codePointAt(0)!;
  let before = 0;
  while (before < 10 && DIGIT.test(String.fromCodePoint(point - before - 1))) before++;
  return String(before % 10);
}
