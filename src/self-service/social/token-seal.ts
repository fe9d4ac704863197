import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretsConfig } from '../../config/index.js';
import { KeyRing } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import type { AccountTokens } from './protocol/social-provider.js';

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/** Encrypts a provider's tokens with `secrets.cipher`, for one connection: moved to another one, they cannot be read. */
@Injectable()
export class TokenSeal {
  readonly #keys: KeyRing;

  constructor(
    { cipher }: SecretsConfig,
    private readonly random: Random,
  ) {
    this.#keys = new KeyRing(cipher);
  }

  /** Key id, dot, base64url of nonce, tag and text. */
  seal(whose: readonly string[], tokens: AccountTokens): string {
    const { mac: key, keyId } = this.#keys.mac('cipher', 'social_tokens', ...whose);
    const nonce = this.random.bytes(NONCE);
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG });
    const text = Buffer.concat([cipher.update(JSON.stringify(tokens), 'utf8'), cipher.final()]);
    return `${keyId}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
  }

  /** Undefined where no configured key opens it, or it was tampered with. */
  open(whose: readonly string[], sealed: string): AccountTokens | undefined {
    const [keyId, text = ''] = sealed.split('.');
    const key = this.#keys.macs('cipher', 'social_tokens', ...whose).find((candidate) => candidate.keyId === keyId);
    const bytes = Buffer.from(text, 'base64url');
    if (key === undefined || bytes.length < NONCE + TAG) return undefined;
    try {
      const decipher = createDecipheriv(CIPHER, key.mac, bytes.subarray(0, NONCE), { authTagLength: TAG }).setAuthTag(
        bytes.subarray(NONCE, NONCE + TAG),
      );
      const clear = Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
      return JSON.parse(clear.toString('utf8')) as AccountTokens;
    } catch {
      return undefined;
    }
  }
}
