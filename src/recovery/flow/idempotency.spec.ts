import { describe, expect, test } from 'vitest';
import { KeyRing } from '../../platform/keys/index.js';
import { IdempotencyKeyMalformed, IdempotencyKeyRotated } from '../recovery.errors.js';
import { DerivedSecrets, idempotentCall, lockOf } from './idempotency.js';

const ADA = { type: 'access_token', id: '2f1c7a54-6e0c-4bd8-9d4b-0f5c8f0f6a51' };
const keys = new KeyRing(['a-secret-of-the-tests-only-0001']);
const FLOW = '07c1ab0e-9d0c-4a43-8b53-9a4f1a1d3d4b';
const call = (header = 'k-1', actor: { type: string; id?: string } = ADA, request: unknown[] = ['link', 'id', '12h']) =>
  idempotentCall(header, actor, request)!;
const secretOf = (of = call(), flow = FLOW, ring = keys) => new DerivedSecrets(ring, of, flow).base62(32);

describe('a repeatable call', () => {
  test('needs the header', () => {
    expect(idempotentCall(undefined, ADA, [])).toBe(undefined);
  });

  test.each(['', ' ', 'two words', 'ü', 'a'.repeat(256), 'a\u0000', 'a, b'])('with the key %j is refused', (key) => {
    expect(() => idempotentCall(key, ADA, [])).toThrow(IdempotencyKeyMalformed);
  });

  test('differs for another key, caller or kind of caller', () => {
    const digests = [
      call(),
      call('k-2'),
      call('k-1', { type: 'access_token', id: 'x' }),
      call('k-1', { type: 'operator' }),
    ];
    expect(new Set(digests.map(({ digest }) => digest.toString('hex'))).size).toBe(4);
    expect(new Set(digests.map(lockOf)).size).toBe(4);
  });

  test('is a different request if any part differs, even absent and empty', () => {
    const asked = [['a', 'b'], ['ab', ''], ['a', undefined, 'b'], ['a', '', 'b'], ['a', null], ['a']];
    const digests = asked.map((request) => call('k-1', ADA, request).requestDigest.toString('hex'));
    expect(new Set(digests).size).toBe(asked.length);
  });
});

describe('a derived secret', () => {
  test('is the same for the same call, and has the form of a random one', () => {
    expect(secretOf()).toBe(secretOf());
    expect(secretOf()).toMatch(/^[0-9A-Za-z]{32}$/);
    expect(new DerivedSecrets(keys, call(), FLOW).digits(6)).toMatch(/^\d{6}$/);
  });

  test('differs for another caller, key, request, flow or server', () => {
    const others = [
      secretOf(call('k-2')),
      secretOf(call('k-1', { type: 'operator' })),
      secretOf(call('k-1', ADA, ['link', 'id', '13h'])),
      secretOf(call(), '07c1ab0e-9d0c-4a43-8b53-9a4f1a1d3d4c'),
      secretOf(call(), FLOW, new KeyRing(['another-secret-of-the-tests-01'])),
    ];
    expect(new Set([secretOf(), ...others]).size).toBe(6);
  });

  test('can be derived again after a rotation, until the key is gone', () => {
    const first = new DerivedSecrets(keys, call(), FLOW);
    const rotated = new KeyRing(['a-newer-secret-of-the-tests-01', 'a-secret-of-the-tests-only-0001']);
    expect(new DerivedSecrets(rotated, call(), FLOW, first.keyId).base62(32)).toBe(first.base62(32));
    const gone = new KeyRing(['a-newer-secret-of-the-tests-01']);
    expect(() => new DerivedSecrets(gone, call(), FLOW, first.keyId)).toThrow(IdempotencyKeyRotated);
  });

  test('uses every character and digit', () => {
    const many = Array.from({ length: 400 }, (_, i) => new DerivedSecrets(keys, call(`k-${i}`), FLOW));
    expect(new Set(many.map((each) => each.base62(32)).join('')).size).toBe(62);
    expect(new Set(many.map((each) => each.digits(6)).join('')).size).toBe(10);
  });
});
