import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { sameBytes } from './digest.js';

export type KeyPurpose =
  | 'csrf'
  | 'code'
  | 'page-token'
  | 'idempotency'
  | 'logout'
  | 'confirm'
  | 'cipher'
  | 'social'
  | 'rate-limit'
  | 'device'
  | 'known-network'
  | 'code-guess';

/** Injection token for the KeyRing made from the configured secrets. */
export const KEY_RING = Symbol('KEY_RING');

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * Keys derived per purpose with HKDF-SHA256(secret, purpose). The first secret signs; all of them verify.
 * A key's id is the first 8 hex characters of a digest of the derived key: it names the key without revealing anything
 * about it.
 */
export class KeyRing {
  readonly #secrets: readonly string[];
  readonly #keys = new Map<KeyPurpose, readonly Key[]>();

  constructor(secrets: readonly string[]) {
    if (secrets.length === 0) throw new Error('a key ring needs at least one secret');
    this.#secrets = secrets;
  }

  /** HMAC-SHA256 with the newest key. Includes the key's id, for rows that outlive a rotation. */
  mac(purpose: KeyPurpose, ...parts: string[]): { keyId: string; mac: Buffer } {
    const key = this.#of(purpose)[0]!;
    return { keyId: key.id, mac: hmac(key, parts) };
  }

  /** One MAC per key, newest first, for looking up a short secret. */
  macs(purpose: KeyPurpose, ...parts: string[]): { keyId: string; mac: Buffer }[] {
    return this.#of(purpose).map((key) => ({ keyId: key.id, mac: hmac(key, parts) }));
  }

  /** True if any key produces this MAC for the parts. */
  verifies(purpose: KeyPurpose, mac: Uint8Array, ...parts: string[]): boolean {
    return this.#of(purpose).reduce((found, key) => sameBytes(hmac(key, parts), mac) || found, false);
  }

  #of(purpose: KeyPurpose): readonly Key[] {
    const known = this.#keys.get(purpose);
    if (known) return known;
    const keys = this.#secrets.map((secret) => {
      const bytes = Buffer.from(hkdfSync('sha256', secret, '', `regain/${purpose}`, 32));
      return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
    });
    this.#keys.set(purpose, keys);
    return keys;
  }
}

/** Prefixes each part with its length, so that different lists of parts never share an HMAC input. */
function hmac(key: Key, parts: readonly string[]): Buffer {
  const mac = createHmac('sha256', key.bytes);
  for (const part of parts) mac.update(`${Buffer.byteLength(part)}:`).update(part);
  return mac.digest();
}
