import { createHash } from 'node:crypto';
import type { KeyRing } from '../../platform/keys/index.js';
import { BASE62 } from '../../platform/random/index.js';
import { IdempotencyKeyMalformed, IdempotencyKeyRotated } from '../recovery.errors.js';

/** Visible ASCII: what a header can carry without encoding. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** A call that its client may repeat: the caller, the `Idempotency-Key`, and the request. */
export interface IdempotentCall {
  readonly actor: string;
  readonly key: string;
  /** SHA-256 of caller and key: finds an earlier call */
  readonly digest: Buffer;
  /** SHA-256 of everything that is requested */
  readonly requestDigest: Buffer;
}

/** Result of an earlier call with the same key. */
export interface EarlierCall {
  readonly keyId: string;
  readonly flowId: string;
  readonly grantId: string;
  readonly messageId: string | null;
  readonly expiresAt: Date;
}

/**
 * @param header the request's header; absent: not repeatable
 * @param request everything that affects the result, in a fixed order
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

/** The advisory lock on which two concurrent calls meet (a PostgreSQL bigint). */
export const lockOf = ({ digest }: IdempotentCall): string => digest.readBigInt64BE(0).toString();

/** What the statement that creates the link or code stores about the call. */
export function keyOf(call: IdempotentCall, { keyId }: DerivedSecrets) {
  return { digest: call.digest, requestDigest: call.requestDigest, keyId, lock: lockOf(call) };
}

/**
 * Derives the secrets of a repeatable call from the call itself, so that a repetition gets the same answer and no
 * secret is stored. The flow's id is part of the input, so a key that is reused after its expiry gives another secret.
 */
export class DerivedSecrets {
  readonly keyId: string;
  readonly #mac: Buffer;

  /** @param keyId id of the server key that the first call used; absent for the first call */
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

  /** Decimal. The bias of 256 bits over a few digits is negligible. */
  digits(length: number): string {
    const number = BigInt(`0x${this.#mac.toString('hex')}`) % 10n ** BigInt(length);
    return number.toString().padStart(length, '0');
  }
}

const sha256 = (parts: readonly unknown[]): Buffer => createHash('sha256').update(JSON.stringify(parts)).digest();
