import { Inject, Injectable } from '@nestjs/common';
import { KEY_RING, type KeyRing } from '../../../platform/keys/index.js';
import { Random } from '../../../platform/random/index.js';
import type { Attempt } from './social-provider.js';

/**
 * The secrets of an attempt. Nonce and PKCE verifier are derived from the state with a server key, so the database
 * doesn't store them, and seeing the state in a URL is not enough to compute them.
 */
@Injectable()
export class AttemptKeys {
  constructor(
    @Inject(KEY_RING) private readonly keys: KeyRing,
    private readonly random: Random,
  ) {}

  begin(redirectUri: string, pkce: boolean): { keyId: string; attempt: Attempt } {
    const state = this.random.base62(32);
    const { keyId } = this.keys.mac('social', 'nonce', state);
    return { keyId, attempt: this.again(redirectUri, state, { keyId, pkce })! };
  }

  /** Undefined if the key is no longer configured. */
  again(redirectUri: string, state: string, { keyId, pkce }: { keyId: string; pkce: boolean }): Attempt | undefined {
    const [nonce, verifier] = [this.#made('nonce', state, keyId), this.#made('verifier', state, keyId)];
    if (nonce === undefined || verifier === undefined) return undefined;
    return { redirectUri, state, nonce, verifier: pkce ? verifier : undefined };
  }

  #made(part: 'nonce' | 'verifier', state: string, keyId: string): string | undefined {
    const made = this.keys.macs('social', part, state).find((each) => each.keyId === keyId);
    return made?.mac.toString('base64url');
  }
}
