/** Digits. A code is short, so only a few guesses are compared, and only an HMAC is stored. */
export const CODE_LENGTH = 6;

/** Characters that are read; nobody pastes more around a code. */
const LONGEST = 256;
const DIGIT = /\p{Nd}/u;

/**
 * Removes what mail programs, keyboards and habits add to a code: blanks, line breaks, dashes, quotes, invisible
 * characters. Digits of any script count by their value.
 */
export function typedCode(text: string): string {
  return text
    .slice(0, LONGEST)
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll(/\p{Nd}/gu, plainDigit);
}

/** In every script, the ten digits are consecutive and start at zero. */
function plainDigit(digit: string): string {
  const point = digit.codePointAt(0)!;
  let before = 0;
  while (before < 10 && DIGIT.test(String.fromCodePoint(point - before - 1))) before++;
  return String(before % 10);
}
