import { describe, expect, test } from 'vitest';
import { readImported } from './read-imported.js';

/** Hashes of the same password, made by other implementations (OpenSSL, Python's hashlib). */
const PASSWORD = 'Pässw0rd';
const PF = 'e1NBTFR9JCR7UEFTU1dPUkR9'; // {SALT}$${PASSWORD}
const SALT = 'MDEyMzQ1Njc4OWFiY2RlZg';
const SLOW = [
  `$pbkdf2-sha1$i=1000,l=20$${SALT}$PavOAEx6TPT1a5NT28YkDkQ63s4`,
  `$pbkdf2-sha256$i=1000,l=32$${SALT}$GGGq36IUmIdTikBm+SWGw1GOKq5WEraz+ikD3C6kl30`,
  `$pbkdf2-sha512$i=1000,l=64$${SALT}$Qaq649UOJTA3TsHHaevfHRpAUgSWtYQU7KkWFoyQ1HtqbGoSep7YXHaFvk76Dqk5GfpvVO9GGIQbZJTB9bgY4w`,
  // these names mean SHA-3
  `$pbkdf2-sha224$i=1000,l=28$${SALT}$Eipx1KMQeG6q2peso/1vuWDfRP2Map1kJQWsDA`,
  `$pbkdf2-sha384$i=1000,l=48$${SALT}$6EBhm21Ig3zL6VEXk4opfCmNfLw+dR1v63eJTIh7sq8+AXC0tS+6i7l1VZY5dxt2`,
  `$pbkdf2-sha384$i=1000,l=64$${SALT}$6EBhm21Ig3zL6VEXk4opfCmNfLw+dR1v63eJTIh7sq8+AXC0tS+6i7l1VZY5dxt2cdpKGNDPDK+0o3KLsM/lbQ`,
  // any other name means SHA-256
  `$pbkdf2-sha3$i=1000,l=32$${SALT}$GGGq36IUmIdTikBm+SWGw1GOKq5WEraz+ikD3C6kl30`,
  `$pbkdf2-sha999$i=1000,l=32$${SALT}$GGGq36IUmIdTikBm+SWGw1GOKq5WEraz+ikD3C6kl30`,
  `$scrypt$ln=1024,r=8,p=1$${SALT}==$ZgsJ3LG24K+CrrNQjQe1gkyVzYYjmnmg+W+/8wU8qBI=`,
  '$sha256-crypt$saltsaltsaltsalt$reowPSjwIhoEirFlVWE6xv8lmjZt4ajzqQwJ94903t2',
  '$sha512-crypt$saltsalt$SQ1ZeF1JgGQwBT89A/LkQkxeor8s0lClmtYNHCTvaY4Bj7a9kD1Ecfx6L5aKsUia.qRQPDAzJQRwn759F04Z0/',
  '$sha512-crypt$rounds=1234$saltsalt$MdkZxxyTaihIJmbIHjpaaZGxxwyvz0A1lm9xYz6hRH0BY1XVd6gBvD1jLxpMxms3k0GDGn1XS3VgrB4xh4qrH.',
];
const FAST = [
  '$md5-crypt$saltsalt$Y.ZMATnqNSs7IVIw.YHgA0',
  '$md5-crypt$$ouP1ej.H0cySOnsIvpMmw.',
  '$md5$1N/4J071DayFgZzec20khA==',
  `$md5$pf=${PF}$${SALT}==$omMItdNE1mA83nAOef305g==`,
  `$sha1$pf=${PF}$${SALT}==$ltCkeBFvs6m1RgTVa7lHqtRuS/Q=`,
  `$sha256$pf=${PF}$${SALT}==$P8iYYXKdix2swR7AlIalBVfdh0nEIBiEeBxzY8v/56g=`,
  `$sha512$pf=${PF}$${SALT}==$o9/jAaWyKaYcB+8q5Kx7Nl+JazEIK5WYEFLYTQHrMXVXePq2AR/lefMNfU/RqmAU4Xg5jBZYgMclhSujgefKDQ==`,
  '{SSHA}YHcWGGfGgzKH5wtlNx/ZH5DsnUQwMTIzNDU2Nzg5YWJjZGVm',
  '{SSHA256}aNvXWHt1m8vfqvuGuEKkjwbpUQ5SGl93VRUiOIoEcJMwMTIzNDU2Nzg5YWJjZGVm',
  '{SSHA512}jvdJ5ejKjGOMjL1cSPg+N2U0aJj0Hupm5TNLWFFh/dqQiVlT8KrHr6//hkOf5L0Axaw3L/0h7AMQe19AY+lW3TAxMjM0NTY3ODlhYmNkZWY=',
  `$hmac-md4$YTNiOWZmMmZmNWJmNDBlNTEwOGVhMzUxZWVmZTQ4OTg=$${SALT}==`,
  `$hmac-md5$NzFjZWRkODU3ZTNhOTgxY2QyZjExZTkyMzVhNWNmZTE=$${SALT}==`,
  `$hmac-sha1$ZjlhZDlhYTc0YWM3YmY4ZWFjNDllZDU0OGU0MzdkNmI0YzFmNWUzYg==$${SALT}==`,
  `$hmac-sha224$NWQ2MTgyNzQ2MjY0MDU0MTk4MWJmZmY1Zjc4NzYwNDFiMDAyMGM1OGNjNWQ2ZGM2MTgyODMxNDc=$${SALT}==`,
  `$hmac-sha384$MTI5MjUyNDhiM2RjY2FmNzQ3ODcwMDc1N2I1OTA3ZTk4MzE5Nzc5YzI2ODAyMDA1ODBhOTdhOTY5NDUyZjY0YTgyZDQ1MGEwOWUzODkxYjY3YTcyM2NiOWMzZjA3Yzg0$${SALT}==`,
  `$hmac-sha512$YmIyOTdiMDY0NGMwZGViOTcyMzcyZDRkZGM2YTI3NjA1NGU1NzQ5MTI5MWFiMDFjMDlmMjI3MzIyYTk5ODZlMGNlZDYxNmMyZTE4MzJmNzM1ZjFjNzJmM2NlMjQ0MWY5YWY4YzQ1MWViODljNmY3MTkwMmQ2MzUzMDZlNzliZTg=$${SALT}==`,
  `$hmac-sha256$ZTI0ODExZjUyMGE1ZmViY2JiNWFjMmFjNjk3NWJiZmE5ZGU2MGEzNjBhNGY5MzZhMjliNmM2Njg4MDNkZDU0Yg==$${SALT}==`,
];

/** From `openssl dgst -provider legacy -md4 -hmac`: a key of so many k, a text of so many p. */
const MD4_CODES: [number, string][] = [
  [1, '2d7f73ea332c45803a2cf6a4ba4c6818'],
  [54, '2c24a27a191c8550a8b72b089a2cfede'],
  [55, 'a65b60479de95c44a088d4586e9e83ee'],
  [56, 'b15e4a3086d4deab141945a46bb64a26'],
  [63, 'b088a3462742f86d0256c46d59a53622'],
  [64, 'b7a79516a622079919e8bd57cefe10be'],
  [65, '621ab5ad452d58682132d5f12185ef42'],
  [119, 'ac2a22d8cce73c36efa6fe3ac1725e08'],
  [120, 'acbfbc4acbb68ec4b7d505ebea3ddbe6'],
  [128, '2004d5d199f68df5e24143808f90f71c'],
  [200, '859d73f64daae15703eebbcef1c5dc12'],
];

describe.each([...SLOW, ...FAST])('%s', (text) => {
  test('accepts its password and no other', async () => {
    const hash = readImported(text)!;
    expect(hash.affordable).toBe(true);
    expect(await hash.verify(PASSWORD)).toBe(true);
    for (const wrong of ['', 'Pässw0re', PASSWORD.toLowerCase(), `${PASSWORD} `])
      expect(await hash.verify(wrong)).toBe(false);
  });
});

test.each(FAST)('%s: its blank form still says how to compute a digest', async (text) => {
  const { fast } = readImported(text)!;
  const blank = readImported(fast!.blank)!;
  expect(fast!.blank).not.toBe(text);
  expect(await blank.verify(PASSWORD)).toBe(false);
  expect(blank.fast!.digestOf(PASSWORD)).toEqual(fast!.digest);
});

test.each(SLOW)('%s is stored as it is', (text) => {
  expect(readImported(text)!.fast).toBeUndefined();
});

test('HMAC with MD4 matches OpenSSL for keys and texts around the block size', async () => {
  const hash = readImported('$hmac-md4$MWQ5ZTI4Nzc2Zjg4YmE2MTQ5YjQ0OTMyOGE4NWU4YjA=$MTIzNDU=')!;
  expect(await hash.verify('test')).toBe(true);
  for (const [length, code] of MD4_CODES) {
    const text = Buffer.from('k'.repeat(length));
    const given = `$hmac-md4$${Buffer.from(code).toString('base64')}$${text.toString('base64')}`;
    expect([length, await readImported(given)!.verify('p'.repeat(length))]).toEqual([length, true]);
  }
});

/** The example that Firebase published with its algorithm. */
test("Firebase's variant of scrypt", async () => {
  const hash = readImported(
    '$firescrypt$ln=14,r=8,p=1$42xEC+ixf3L2lw==' +
      '$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==' +
      '$Bw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
  )!;
  expect(await hash.verify('user1password')).toBe(true);
  expect(await hash.verify('user2password')).toBe(false);
});

describe('a malformed hash is of no known kind', () => {
  const key = 'GGGq36IUmIdTikBm+SWGw1GOKq5WEraz+ikD3C6kl30';
  test.each([
    [`$pbkdf2-sha256$i=0,l=32$${SALT}$${key}`],
    [`$pbkdf2-md5$i=1000,l=32$${SALT}$${key}`],
    [`$pbkdf2-sha256$${SALT}$${key}`],
    [`$pbkdf2-sha256$i=1000,l=32$${SALT}$`],
    [`$pbkdf2-sha256$i=1000,l=32$${SALT}$QUJD`],
    [`$pbkdf2-sha256$i=1000,l=32$${SALT}!$${key}`],
    [`$pbkdf2-sha256$i=1000,l=32$${SALT}$${key.slice(0, -1)}1`],
    [`$pbkdf2-sha256$i=1000,l=32$${SALT}$${key}\n`],
    [`$scrypt$ln=1000,r=8,p=1$${SALT}$${key}`],
    [`$scrypt$ln=1,r=8,p=1$${SALT}$${key}`],
    [`$scrypt$ln=1024,r=0,p=1$${SALT}$${key}`],
    [`$scrypt$ln=1024,r=8,p=1$${SALT}$`],
    ['$sha256-crypt$rounds=999$saltsalt$reowPSjwIhoEirFlVWE6xv8lmjZt4ajzqQwJ94903t2'],
    ['$sha512-crypt$saltsalt$reowPSjwIhoEirFlVWE6xv8lmjZt4ajzqQwJ94903t2'],
    ['$md5-crypt$longer-than-8$Y.ZMATnqNSs7IVIw.YHgA0'],
    ['$md5$'],
    ['$md5$AAAA'],
    ['$hmac-md4$AAAA$MTIzNDU='],
    ['$hmac-md2$MWQ5ZTI4Nzc2Zjg4YmE2MTQ5YjQ0OTMyOGE4NWU4YjA=$MTIzNDU='],
    [`$pbkdf2-sha$i=1000,l=32$${SALT}$${key}`],
    [`$pbkdf2-sha2560$i=1000,l=32$${SALT}$${key}`],
    [`$firescrypt$ln=2,r=8,p=1$${SALT}$${key}$Bw$${SALT}`],
    ['$hmac-md5$AAAA$MTIzNDU='],
    ['{SSHA}tooshort'],
    ['{SSHA}YHcWGGfGgzKH5wtlNx/ZH5DsnUQ='],
    ['{SSHA1}YHcWGGfGgzKH5wtlNx/ZH5DsnUQwMTIzNDU2Nzg5YWJjZGVm'],
  ])('%j', (text) => {
    expect(readImported(text)).toBeUndefined();
  });

  test('a format without the password would accept every password', () => {
    const format = Buffer.from('{SALT}').toString('base64');
    expect(readImported(`$md5$pf=${format}$${SALT}$omMItdNE1mA83nAOef305g==`)).toBeUndefined();
  });
});

describe('too costly', () => {
  const key = 'GGGq36IUmIdTikBm+SWGw1GOKq5WEraz+ikD3C6kl30';
  const sha = '$saltsalt$reowPSjwIhoEirFlVWE6xv8lmjZt4ajzqQwJ94903t2';
  test.each([
    [`$pbkdf2-sha256$i=2000000,l=32$${SALT}$${key}`, true],
    [`$pbkdf2-sha256$i=2000001,l=32$${SALT}$${key}`, false],
    [`$pbkdf2-sha1$i=1000001,l=32$${SALT}$${key}`, false],
    [`$pbkdf2-sha256$i=9999999999,l=32$${SALT}$${key}`, false],
    [`$scrypt$ln=262144,r=8,p=1$${SALT}$${key}`, true],
    [`$scrypt$ln=524288,r=8,p=1$${SALT}$${key}`, false],
    [`$scrypt$ln=131072,r=8,p=16$${SALT}$${key}`, false],
    [`$scrypt$ln=2,r=1,p=99999$${SALT}$${key}`, true],
    [`$scrypt$ln=2,r=99999,p=99999$${SALT}$${key}`, false],
    [`$firescrypt$ln=40,r=8,p=1$${SALT}$${key}$Bw$${key}`, false],
    [`$sha256-crypt$rounds=1000000${sha}`, true],
    [`$sha256-crypt$rounds=1000001${sha}`, false],
  ])('%s: %s', (text, affordable) => {
    expect(readImported(text)!.affordable).toBe(affordable);
  });

  test('a long password makes no crypt round costlier', async () => {
    const before = performance.now();
    expect(await readImported(`$sha256-crypt$rounds=1000000${sha}`)!.verify('x'.repeat(1_024))).toBe(false);
    expect(performance.now() - before).toBeLessThan(1_500);
  });

  test('a costly hash yields to other work', async () => {
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    await readImported(`$sha256-crypt$rounds=100000${sha}`)!.verify(PASSWORD);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(3);
  });
});
