import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretsConfig } from '../config/index.js';
import { KeyRing } from '../platform/keys/index.js';
import { Random } from '../platform/random/index.js';

export interface SealedSecret {
  /** nonce (12 bytes), tag (16), ciphertext */
  readonly sealed: Buffer;
  readonly keyId: string;
}

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/**
 * Encrypts the secret of a message: AES-256-GCM under a key of the message's own, derived from the cipher key and the
 * row's id, which is the associated data too: moved to another row, a secret cannot be read.
 */
@Injectable()
export class MessageSeal {
  #ring: KeyRing | undefined;

  constructor(
    private readonly secrets: SecretsConfig,
    private readonly random: Random,
  ) {}

  seal(messageId: string, secret: string): SealedSecret {
    const { mac: key, keyId } = this.#keys().mac('cipher', 'courier_message', messageId);
    const nonce = this.random.bytes(NONCE);
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG }).setAAD(Buffer.from(messageId));
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return { sealed: Buffer.concat([nonce, cipher.getAuthTag(), text]), keyId };
  }

  /** Undefined where no configured key opens it, or the row was tampered with. */
  open(messageId: string, { sealed, keyId }: SealedSecret): string | undefined {
    const key = this.#keys()
      .macs('cipher', 'courier_message', messageId)
      .find((candidate) => candidate.keyId === keyId);
    if (key === undefined || sealed.length < NONCE + TAG) return undefined;
    try {
      const decipher = createDecipheriv(CIPHER, key.mac, sealed.subarray(0, NONCE), { authTagLength: TAG })
        .setAAD(Buffer.from(messageId))
        .setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }

  /** `secrets.cipher` seals; what `secrets.default` sealed before there was one still opens. */
  #keys(): KeyRing {
    return (this.#ring ??= new KeyRing([...new Set([...this.secrets.cipher, ...this.secrets.default])]));
  }
}
