import { createHash } from 'node:crypto';
import { hash as argon2 } from '@node-rs/argon2';
import bcryptLibrary from 'bcrypt';
import { describe, expect, test } from 'vitest';
import { HashersConfig, RegainConfig } from '../../config/index.js';
import { Random } from '../../platform/random/index.js';
import { Passwords } from './passwords.js';

const ARGON2 = { memory: 64, iterations: 1, parallelism: 1, salt_length: 16, key_length: 32 };

function hashers(algorithm: 'argon2' | 'bcrypt', cost = 4): HashersConfig {
  return Object.assign(new HashersConfig(), { algorithm, argon2: ARGON2, bcrypt: { cost } });
}

function passwords(
  algorithm: 'argon2' | 'bcrypt',
  queue: { concurrency: number; queue: number } = { concurrency: 2, queue: 64 },
): Passwords {
  return new Passwords(hashers(algorithm), Object.assign(new RegainConfig(), { hashing: queue }), new Random());
}

const SALT = 'AQEBAQEBAQEBAQEBAQEBAQ';
const KEY = 'gZOIyhr2zwwcVB1oHM1tJQqtsZ0a4ZwnNNSU0d2tJAg';
/** A known answer from the reference implementation, for the password "U*U". */
const KNOWN_BCRYPT = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

describe.each(['argon2', 'bcrypt'] as const)('with %s', (algorithm) => {
  const hashing = passwords(algorithm);

  test('a hash verifies its password and no other', async () => {
    const hash = await hashing.hash('Pässwort 1');
    expect(hash).toMatch(algorithm === 'argon2' ? /^\$argon2id\$v=19\$m=64,t=1,p=1\$/ : /^\$2b\$04\$/);
    expect(await hashing.verify('Pässwort 1', hash)).toBe(true);
    expect(await hashing.verify('pässwort 1', hash)).toBe(false);
    expect(await hashing.verify('Pässwort 1 ', hash)).toBe(false);
    expect(await hashing.verify('', hash)).toBe(false);
  });

  test('two hashes of one password differ', async () => {
    expect(await hashing.hash('same')).not.toBe(await hashing.hash('same'));
  });

  test('hashes of the other algorithm verify too', async () => {
    expect(await hashing.verify('U*U', KNOWN_BCRYPT)).toBe(true);
    expect(await hashing.verify('U*V', KNOWN_BCRYPT)).toBe(false);
    const foreign = await argon2('secret', { algorithm: 1, memoryCost: 32, timeCost: 2 });
    expect(foreign).toMatch(/^\$argon2i\$/);
    expect(await hashing.verify('secret', foreign)).toBe(true);
  });

  test.each([
    ['no hash', undefined],
    ['not a known hash', 'md5:x'],
    ['an empty hash', ''],
  ])('%s never verifies', async (_, hash) => {
    expect(await hashing.verify('anything', hash)).toBe(false);
  });

  test('a password longer than 1024 characters is neither hashed nor verified', async () => {
    await expect(hashing.hash('x'.repeat(1_025))).rejects.toMatchObject({ status: 400 });
    await expect(hashing.hash('')).rejects.toMatchObject({ status: 400 });
    expect(await hashing.verify('x'.repeat(1_025), await hashing.hash('x'))).toBe(false);
  });
});

describe("bcrypt's 72 bytes", () => {
  const long = 'ä'.repeat(36);

  test('72 bytes are hashed whole; 73 are refused, not truncated', async () => {
    const hashing = passwords('bcrypt');
    expect(await hashing.verify(long, await hashing.hash(long))).toBe(true);
    await expect(hashing.hash(`${long}x`)).rejects.toMatchObject({
      status: 400,
      reason: 'The password must be at most 72 bytes long.',
    });
  });

  test('a password that only shares its first 72 bytes is wrong', async () => {
    const hash = await bcryptLibrary.hash(long, 4);
    expect(await passwords('argon2').verify(long, hash)).toBe(true);
    expect(await passwords('argon2').verify(`${long}x`, hash)).toBe(false);
  });

  test('argon2 takes more', async () => {
    const hashing = passwords('argon2');
    const hash = await hashing.hash(`${long}${long}`);
    expect(await hashing.verify(`${long}${long}`, hash)).toBe(true);
    expect(await hashing.verify(`${long}${long.slice(1)}x`, hash)).toBe(false);
  });
});

describe('imported hashes', () => {
  const hashing = passwords('argon2');
  const argon = (m: number, t: number, p = 1) => `$argon2id$v=19$m=${m},t=${t},p=${p}$${SALT}$${KEY}`;

  test.each([
    KNOWN_BCRYPT,
    ...['$2$', '$2b$', '$2y$', '$2z$'].map((name) => KNOWN_BCRYPT.replace('$2a$', name)),
    argon(131_072, 1, 8),
    argon(64, 3).replace('argon2id', 'argon2i'),
  ])('%s is accepted as it is', async (hash) => {
    expect(await hashing.acceptImported(hash)).toBe(hash);
  });

  test.each([
    ['not-a-hash'],
    [''],
    ['$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    [`${KNOWN_BCRYPT}x`],
    [`${KNOWN_BCRYPT}\n`],
    [KNOWN_BCRYPT.replace('$05$', '$99$')],
    [argon(64, 1).replace('argon2id', 'argon2d')],
    [`$argon2id$v=19$m=64,t=1,p=1$${SALT}`],
    [argon(64, 1).replace('m=64', 'm=-1')],
  ])('%j is not a known hash', async (hash) => {
    await expect(hashing.acceptImported(hash)).rejects.toMatchObject({
      status: 400,
      reason: 'The imported password does not match any known hash format.',
    });
  });

  /** Made by libxcrypt. */
  test.each(['$2$', '$2a$', '$2b$', '$2y$', '$2z$'])('bcrypt verifies under the name %s', async (name) => {
    const hash = `${name}04$abcdefghijklmnopqrstuuIoJ91cBe8yrOIaBaWy7/lwRUN28lB1m`;
    expect(await hashing.verify('Pässw0rd', hash)).toBe(true);
    expect(await hashing.verify('Passw0rd', hash)).toBe(false);
  });

  test.each([
    ['memory', argon(1_048_576, 1)],
    ['passes', argon(65_536, 17)],
    ['threads', argon(65_536, 1, 65)],
    ['bcrypt cost', KNOWN_BCRYPT.replace('$05$', '$16$')],
  ])('a hash that costs too much %s is refused and never verified', async (_, hash) => {
    await expect(hashing.acceptImported(hash)).rejects.toMatchObject({
      status: 400,
      reason: expect.stringContaining('needs more memory or time') as string,
    });
    const before = performance.now();
    expect(await hashing.verify('U*U', hash)).toBe(false);
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  test('the configured parameters are never too costly', async () => {
    const costly = new Passwords(hashers('bcrypt', 16), new RegainConfig(), new Random());
    const hash = KNOWN_BCRYPT.replace('$05$', '$16$');
    expect(await costly.acceptImported(hash)).toBe(hash);
  });
});

describe('hashes of kinds that are only verified', () => {
  const md5 = `$md5$${createHash('md5').update('secret').digest('base64')}`;
  const pbkdf2 = '$pbkdf2-sha1$i=1000,l=20$MDEyMzQ1Njc4OWFiY2RlZg$PavOAEx6TPT1a5NT28YkDkQ63s4';

  test('a slow one is stored as it is, verified, and replaced', async () => {
    const hashing = passwords('argon2');
    const stored = await hashing.acceptImported(pbkdf2);
    expect(stored).toBe(pbkdf2);
    expect([await hashing.verify('Pässw0rd', stored), await hashing.verify('Pässw0re', stored)]).toEqual([true, false]);
    expect(hashing.needsRehash(stored)).toBe(true);
  });

  test.each(['argon2', 'bcrypt'] as const)('a fast one is stored inside argon2id, also with %s', async (algorithm) => {
    const hashing = passwords(algorithm);
    const stored = await hashing.acceptImported(md5);
    expect(stored).toMatch(/^\$wrapped\$[\w-]+\$argon2id\$v=19\$m=64,t=1,p=1\$/);
    expect(stored).not.toContain(md5.slice(5));
    expect(Buffer.from(stored.split('$')[2]!, 'base64url').toString()).not.toContain(md5.slice(5));
    expect([await hashing.verify('secret', stored), await hashing.verify('secre', stored)]).toEqual([true, false]);
    expect(hashing.needsRehash(stored)).toBe(true);
  });

  test('a wrapped hash cannot be given, and its argon2id has the same ceiling', async () => {
    const hashing = passwords('argon2');
    const stored = await hashing.acceptImported(md5);
    await expect(hashing.acceptImported(stored)).rejects.toMatchObject({ status: 400 });
    expect(await hashing.verify('secret', stored.replace('m=64', 'm=4194304'))).toBe(false);
  });

  test('one that is too costly is refused and never verified', async () => {
    const costly = pbkdf2.replace('i=1000', 'i=2000001');
    await expect(passwords('argon2').acceptImported(costly)).rejects.toMatchObject({
      reason: expect.stringContaining('needs more memory or time') as string,
    });
    expect(await passwords('argon2').verify('Pässw0rd', costly)).toBe(false);
  });
});

test('a hash is replaced if the configuration asks for another', async () => {
  const [a, b] = [passwords('argon2'), passwords('bcrypt')];
  const [ofA, ofB] = [await a.hash('x'), await b.hash('x')];
  expect([a.needsRehash(ofA), a.needsRehash(ofB), b.needsRehash(ofA), b.needsRehash(ofB)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(a.needsRehash(await argon2('x', { algorithm: 2, memoryCost: 32, timeCost: 1 }))).toBe(true);
  expect(b.needsRehash(await bcryptLibrary.hash('x', 5))).toBe(true);
});

test('a caller that finds the queue full is asked to try again', async () => {
  const hashing = passwords('bcrypt', { concurrency: 1, queue: 1 });
  const results = await Promise.allSettled([hashing.hash('a'), hashing.verify('b', undefined), hashing.hash('c')]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(results[2]).toMatchObject({ reason: { status: 503 } });
});

/** The time of a refusal must not reveal whether an account exists. */
test('an unknown identifier costs one hash, like a known one', async () => {
  const hashing = new Passwords(hashers('bcrypt', 10), new RegainConfig(), new Random());
  const hash = await hashing.hash('right');
  await hashing.verify('wrong', undefined);
  const timed = async (given: string | undefined) => {
    const before = performance.now();
    await hashing.verify('wrong', given);
    return performance.now() - before;
  };
  const known = Math.min(await timed(hash), await timed(hash), await timed(hash));
  const unknown = Math.min(await timed(undefined), await timed(undefined), await timed(undefined));
  expect(unknown / known).toBeGreaterThan(0.4);
});
