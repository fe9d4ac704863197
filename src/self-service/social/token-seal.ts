import { Injectable } from '@nestjs/common';
import { SecretsConfig } from '../../config/index.js';
import { KeyRing, Seal } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import type { AccountTokens } from './protocol/social-provider.js';

const OWNER = 'social_tokens';

/**
 * Encrypts a provider's tokens with `secrets.cipher` for one connection; copied to another one, they can't be
 * decrypted.
 */
@Injectable()
export class TokenSeal {
  readonly #seal: Seal;

  constructor({ cipher }: SecretsConfig, random: Random) {
    this.#seal = new Seal(new KeyRing(cipher), random);
  }

  /** Key id, dot, base64url of nonce, tag and ciphertext. */
  seal(whose: readonly string[], tokens: AccountTokens): string {
    const { keyId, sealed } = this.#seal.seal([OWNER, ...whose], JSON.stringify(tokens));
    return `${keyId}.${sealed.toString('base64url')}`;
  }

  /** Undefined if no configured key decrypts it, or if it was tampered with. */
  open(whose: readonly string[], text: string): AccountTokens | undefined {
    const [keyId = '', sealed = ''] = text.split('.');
    const clear = this.#seal.open([OWNER, ...whose], { keyId, sealed: Buffer.from(sealed, 'base64url') });
    return clear === undefined ? undefined : (JSON.parse(clear) as AccountTokens);
  }
}
