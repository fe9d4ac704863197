const PREFIX = 'ory_pat_';
/** 32 base62 characters: 190 bits. */
export const SECRET_LENGTH = 32;
const SHAPE = /^ory_pat_[0-9A-Za-z]{32}$/;
/** Fewer distinct characters than a random token would have (fewer than 8 of 32: less than once in 10^23). */
const FEWEST_DIFFERENT = 8;

export const tokenOf = (secret: string): string => `${PREFIX}${secret}`;

export const isTokenShaped = (text: string): boolean => SHAPE.test(text);

/** Lets people recognize a token without its secret. */
export const last4 = (token: string): string => token.slice(-4);

/** True for placeholders from documentation: `xxxx…`, `0000…`, `abcdefg…`, `1234…`. */
export function looksLikeExample(token: string): boolean {
  const secret = token.slice(PREFIX.length).toLowerCase();
  return new Set(secret).size < FEWEST_DIFFERENT || countsUp(secret);
}

/** True if most characters follow their predecessor, as in the alphabet or a row of digits. */
function countsUp(secret: string): boolean {
  const steps = [...secret].slice(1).map((_, i) => secret.charCodeAt(i + 1) - secret.charCodeAt(i));
  return steps.filter((step) => step === 1).length > secret.length / 2;
}
