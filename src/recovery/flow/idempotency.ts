import { createHash } from 'node:crypto';
import type { KeyRing } from '../../platform/keys/index.js';
import { BASE62 } from '../../platform/random/index.js';
import { IdempotencyKeyMalformed, IdempotencyKeyRotated } from '../recovery.errors.js';

/** Visible ASCII: what a header carries without an encoding. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** A call that its client may repeat: who asks, under which `Idempotency-Key`, and what for. */
export interface IdempotentCall {
  readonly actor: string;
  readonly key: string;
  /** SHA-256 of who and the key: finds an earlier call */
  readonly digest: Buffer;
  /** SHA-256 of all that is asked for */
  readonly requestDigest: Buffer;
}

/** What an earlier call under the same key made. */
export interface EarlierCall {
  readonly keyId: string;
  readonly flowId: string;
  readonly grantId: string;
  readonly messageId: string | null;
  readonly expiresAt: Date;
}

/**
 * @param header of the request; absent: not repeatable
 * @param request everything that decides what is made, in a fixed order
 * @throws IdempotencyKeyMalformed
 */
export function idempotentCall(
  header: string | undefined,
  actor: { readonly type: string; readonly id?: string },
  request: readonly unknown[],
): IdempotentCall | undefined {
  if (header === undefined) return undefined;
  if (!KEY.test(header)) throw new IdempotencyKeyMalformed();
  const who = `${actor.type}:${actor.id ?? ''}`;
  return {
    actor: who,
    key: header,
    digest: sha256([who, header]),
    requestDigest: sha256(request.map((part) => part ?? null)),
  };
}

/** The number under which two calls at once meet (a PostgreSQL bigint). */
export const lockOf = ({ digest }: IdempotentCall): string => digest.readBigInt64BE(0).toString();

/** What the statement that makes the link or code keeps of the call. */
export function keyOf(call: IdempotentCall, { keyId }: DerivedSecrets) {
  return { digest: call.digest, requestDigest: call.requestDigest, keyId, lock: lockOf(call) };
}

/**
 * Makes the secrets of a repeatable call from the call itself, so that a repetition answers the same and nothing secret is
 * kept. The flow's id makes the secret another one when a key is used again after it was forgotten.
 */
export class DerivedSecrets {
  readonly keyId: string;
  readonly #mac: Buffer;

  /** @param keyId of the key that the first call used; absent: this is the first */
  constructor(keys: KeyRing, call: IdempotentCall, flowId: string, keyId?: string) {
    const made = keys.macs('idempotency', call.actor, call.key, call.requestDigest.toString('hex'), flowId);
    const found = keyId === undefined ? made[0] : made.find((each) => each.keyId === keyId);
    if (found === undefined) throw new IdempotencyKeyRotated();
    this.keyId = found.keyId;
    this.#mac = found.mac;
  }

  /** Up to 32 characters: 190 of the 256 bits. */
  base62(length: number): string {
    let rest = BigInt(`0x${this.#mac.toString('hex')}`);
    let text = '';
    for (let i = 0; i < length; i++, rest /= 62n) text += BASE62[Number(rest % 62n)];
    return text;
  }

  /** Decimal; the bias of 256 bits over a few digits is nothing. */
  digits(length: number): string {
    const number = BigInt(`0x${this.#mac.toString('hex')}`) % 10n ** BigInt(length);
    return number.toString().padStart(length, '0');
  }
}

const sha256 = (parts: readonly unknown[]): Buffer => createHash('sha256').update(JSON.stringify(parts)).digest();
