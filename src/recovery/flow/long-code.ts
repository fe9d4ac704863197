/** 32 letters and digits that are hard to confuse, so 16 of them are 80 bits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 16;

/**
 * A code too long to guess, mailed while short codes are not compared. It belongs to an address, and works in any flow
 * for that address.
 * @param bytes one per character
 */
export function longCode(bytes: Uint8Array): string {
  const characters = [...bytes.subarray(0, LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]!);
  return characters.join('').replaceAll(/(.{4})(?=.)/g, '$1-');
}

export const LONG_CODE_BYTES = LENGTH;

/** The long code in a pasted or typed text, normalized for comparison; undefined if there is none. */
export function readLongCode(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return plain.length === LENGTH && [...plain].every((character) => ALPHABET.includes(character)) ? plain : undefined;
}
