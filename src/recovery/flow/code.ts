/** Digits. Short, so only a few guesses are ever compared, and only an HMAC is kept. */
export const CODE_LENGTH = 6;

/** What a person typed, without the spaces that mail programs and habits put into it. */
export function typedCode(text: string): string {
  return text.replace(/\s+/g, '');
}
