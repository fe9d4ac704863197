import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '../random/index.js';
import type { KeyRing } from './key-ring.js';

/** An encrypted secret as stored in a row. */
export interface Sealed {
  /** nonce (12 bytes), tag (16), ciphertext */
  readonly sealed: Buffer;
  readonly keyId: string;
}

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/**
 * Encrypts small secrets with AES-256-GCM. Each gets its own key, derived from the ring's cipher key and the secret's
 * owner, so a value that is copied to another row cannot be decrypted.
 */
export class Seal {
  constructor(
    private readonly ring: KeyRing,
    private readonly random: Random,
  ) {}

  /** Ids of the keys that can decrypt; the first one encrypts. */
  get keyIds(): string[] {
    return this.ring.macs('cipher').map(({ keyId }) => keyId);
  }

  /**
   * @param owner what the secret belongs to: a table, then the key of the row
   * @param associated data to authenticate without encrypting it
   */
  seal(owner: readonly string[], clear: string, associated = ''): Sealed {
    const { mac: key, keyId } = this.ring.mac('cipher', ...owner);
    const nonce = this.random.bytes(NONCE);
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG }).setAAD(Buffer.from(associated));
    const text = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
    return { sealed: Buffer.concat([nonce, cipher.getAuthTag(), text]), keyId };
  }

  /** Undefined if no key decrypts it, the owner or the associated data differ, or a bit has changed. */
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
