/** Letters and digits that nobody takes for one another: 32, so that 16 of them are 80 bits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 16;

/**
 * A code too long to be guessed: what is mailed when short ones are not compared any more. It belongs to an address, and opens
 * any flow that asks for that address.
 * @param bytes one for each character
 */
export function longCode(bytes: Uint8Array): string {
  const characters = [...bytes.subarray(0, LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]!);
  return characters.join('').replaceAll(/(.{4})(?=.)/g, '$1-');
}

export const LONG_CODE_BYTES = LENGTH;

/** The long code that a person typed or pasted, as it is compared; undefined for what is none. */
export function readLongCode(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return plain.length === LENGTH && [...plain].every((character) => ALPHABET.includes(character)) ? plain : undefined;
}
