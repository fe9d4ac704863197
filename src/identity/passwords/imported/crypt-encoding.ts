const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** crypt(3)'s own base64: groups of up to three bytes, highest byte first, written from the lowest six bits up. */
export function cryptBase64(digest: Buffer, groups: readonly (readonly number[])[]): string {
  return groups.map((group) => ofGroup(group.map((index) => digest[index] ?? 0))).join('');
}

function ofGroup(bytes: readonly number[]): string {
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return Array.from({ length: bytes.length + 1 }, (_, index) => ALPHABET[Math.floor(value / 64 ** index) % 64]).join(
    '',
  );
}

/** Repeats the bytes up to the given length. */
export function repeated(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, bytes);
}

/** The bits of a length, lowest first: for each, crypt(3) mixes in one value or another. */
export function bitsOf(length: number): boolean[] {
  const bits: boolean[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) bits.push(rest % 2 === 1);
  return bits;
}
