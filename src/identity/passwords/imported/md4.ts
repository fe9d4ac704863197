/** Per round: word order, rotations, added constant and mixing function. */
const ROUNDS = [
  {
    words: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    turns: [3, 7, 11, 19],
    added: 0,
    mix: (b: number, c: number, d: number) => (b & c) | (~b & d),
  },
  {
    words: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    turns: [3, 5, 9, 13],
    added: 0x5a827999,
    mix: (b: number, c: number, d: number) => (b & c) | (b & d) | (c & d),
  },
  {
    words: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    turns: [3, 9, 11, 15],
    added: 0x6ed9eba1,
    mix: (b: number, c: number, d: number) => b ^ c ^ d,
  },
] as const;

const BLOCK = 64;
const START = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476] as const;

/** MD4 (RFC 1320), which OpenSSL no longer offers. It is broken; use it only to verify hashes from other systems. */
function md4(...parts: readonly Buffer[]): Buffer {
  const message = padded(Buffer.concat(parts));
  let state: readonly [number, number, number, number] = START;
  for (let at = 0; at < message.length; at += BLOCK) {
    let [a, b, c, d] = state;
    for (const { words, turns, added, mix } of ROUNDS)
      for (const [step, word] of words.entries()) {
        const sum = (a + mix(b, c, d) + message.readUInt32LE(at + 4 * word) + added) | 0;
        [a, b, c, d] = [d, turned(sum, turns[step % 4]!), b, c];
      }
    state = [state[0] + a, state[1] + b, state[2] + c, state[3] + d];
  }
  const digest = Buffer.alloc(16);
  state.forEach((word, index) => digest.writeInt32LE(word | 0, 4 * index));
  return digest;
}

const turned = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/** Padding: a one bit, zeros up to eight bytes before the end of a block, then the length in bits. */
function padded(message: Buffer): Buffer {
  const whole = Buffer.alloc(Math.ceil((message.length + 9) / BLOCK) * BLOCK);
  message.copy(whole);
  whole[message.length] = 0x80;
  whole.writeBigUInt64LE(BigInt(message.length) * 8n, whole.length - 8);
  return whole;
}

/** HMAC (RFC 2104) with MD4. */
export function hmacMd4(key: Buffer, text: Buffer): Buffer {
  const block = Buffer.alloc(BLOCK);
  (key.length > BLOCK ? md4(key) : key).copy(block);
  const pad = (byte: number): Buffer => block.map((each) => each ^ byte) as Buffer;
  return md4(pad(0x5c), md4(pad(0x36), text));
}
