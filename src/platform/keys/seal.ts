import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '../random/index.js';
import type { KeyRing } from './key-ring.js';

/** A small secret as a row keeps it. */
export interface Sealed {
  /** nonce (12 bytes), tag (16), ciphertext */
  readonly sealed: Buffer;
  readonly keyId: string;
}

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/**
 * Encrypts small secrets: AES-256-GCM, each under a key of its own, which the ring's cipher key and what the secret belongs
 * to make together. Moved to where it does not belong, it cannot be read.
 */
export class Seal {
  constructor(
    private readonly ring: KeyRing,
    private readonly random: Random,
  ) {}

  /** Ids of the keys that open, the one that seals first. */
  get keyIds(): string[] {
    return this.ring.macs('cipher').map(({ keyId }) => keyId);
  }

  /** @param owner what it belongs to: a table, then what names the row @param associated authenticated besides, and not encrypted */
  seal(owner: readonly string[], clear: string, associated = ''): Sealed {
    const { mac: key, keyId } = this.ring.mac('cipher', ...owner);
    const nonce = this.random.bytes(NONCE);
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG }).setAAD(Buffer.from(associated));
    const text = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
    return { sealed: Buffer.concat([nonce, cipher.getAuthTag(), text]), keyId };
  }

  /** Undefined where none of the keys opens it, it belongs to something else, or a bit of it has changed. */
  open(owner: readonly string[], { sealed, keyId }: Sealed, associated = ''): string | undefined {
    const key = this.ring.macs('cipher', ...owner).find((candidate) => candidate.keyId === keyId);
    if (key === undefined || sealed.length < NONCE + TAG) return undefined;
    try {
      const decipher = createDecipheriv(CIPHER, key.mac, sealed.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAAD(Buffer.from(associated)).setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
