import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { HashersConfig, SelfServiceConfig } from '../../config/index.js';
import { Clock } from '../../platform/clock/index.js';
import { Breaches, countIn, LookupFailed } from './breaches.js';
import { PasswordPolicy } from './password-policy.js';
import { isTooSimilar } from './similarity.js';

class Leaks extends Breaches {
  asked: string[] = [];

  constructor(private readonly answer: () => Promise<string>) {
    super();
  }

  protected override range(server: string, prefix: string): Promise<string> {
    this.asked.push(`${server}/${prefix}`);
    return this.answer();
  }
}

class SetClock extends Clock {
  milliseconds = 0;

  override monotonic(): number {
    return this.milliseconds;
  }
}

interface Given {
  rules?: object;
  algorithm?: 'argon2' | 'bcrypt';
  breaches?: Breaches;
  clock?: Clock;
  log?: string[];
}

function policy({
  rules = {},
  algorithm = 'argon2',
  breaches = new Leaks(() => Promise.resolve('')),
  clock = new Clock(),
  log = [],
}: Given = {}): PasswordPolicy {
  const config = {
    haveibeenpwned_enabled: false,
    haveibeenpwned_host: 'leaks.example',
    ignore_network_errors: true,
    max_breaches: 0,
    min_password_length: 8,
    identifier_similarity_check_enabled: true,
    ...rules,
  };
  const selfservice = Object.assign(new SelfServiceConfig(), { methods: { password: { enabled: true, config } } });
  const logger = pino({ base: null, timestamp: false }, { write: (line: string) => void log.push(line) });
  return new PasswordPolicy(selfservice, Object.assign(new HashersConfig(), { algorithm }), breaches, clock, logger);
}

describe('length counts characters', () => {
  test.each([
    ['abc', { id: 4_000_032, context: { actual_length: 3, min_length: 8 } }],
    ['', { id: 4_000_032, context: { actual_length: 0, min_length: 8 } }],
    ['äöüßäöü', { id: 4_000_032, context: { actual_length: 7, min_length: 8 } }],
    ['🔑🔑🔑🔑', { id: 4_000_032, context: { actual_length: 4, min_length: 8 } }],
    ['🔑🔑🔑🔑🔑🔑🔑🔑', undefined],
    ['12345678', undefined],
    ['x'.repeat(1_024), undefined],
    ['x'.repeat(1_025), { id: 4_000_033, context: { actual_length: 1_025, max_length: 1_024 } }],
  ])('%s', async (password, message) => {
    expect(await policy().check(password, [])).toEqual(message);
  });

  test('bcrypt reads 72 bytes, so longer passwords are refused', async () => {
    const hashed = policy({ algorithm: 'bcrypt' });
    expect(await hashed.check('x'.repeat(72), [])).toBeUndefined();
    expect(await hashed.check(`${'ä'.repeat(36)}x`, [])).toEqual({
      id: 4_000_033,
      context: { actual_length: 73, max_length: 72 },
    });
  });
});

describe('similarity', () => {
  test.each([
    ['ada.lovelace@example.com', 'ada.lovelace@example.com'],
    ['ADA.Lovelace@example.com', 'ada.lovelace@example.com'],
    ['ada.lovelace', 'ada.lovelace@example.com'],
    ['lovelace12', 'ada.lovelace@example.com'],
    ['4da.l0velace@example.com', 'ada.lovelace@example.com'],
    ['adalove', 'adal0ve1'],
  ])('%s is too close to %s', (password, identifier) => {
    expect(isTooSimilar(password, identifier)).toBe(true);
  });

  test.each([
    ['correct horse battery staple', 'ada.lovelace@example.com'],
    ['lovelace-and-much-more-of-it', 'ada.lovelace@example.com'],
    ['a brand new pass phrase 1', 'user.0123456789ab@example.com'],
    ['anything at all', ''],
  ])('%s is far enough from %s', (password, identifier) => {
    expect(isTooSimilar(password, identifier)).toBe(false);
  });

  test('every identifier counts; the check can be switched off', async () => {
    const identifiers = ['somebody-else', 'ada.lovelace@example.com'];
    expect(await policy().check('ada.lovelace', identifiers)).toEqual({ id: 4_000_031 });
    const off = policy({ rules: { identifier_similarity_check_enabled: false } });
    expect(await off.check('ada.lovelace', identifiers)).toBeUndefined();
  });
});

describe('leaks', () => {
  // SHA-1 of "password1" is E38AD 214943DAAD1D64C102FAEC29DE4AFE9DA3D.
  const listed = () =>
    Promise.resolve('0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n214943DAAD1D64C102FAEC29DE4AFE9DA3D:7\r\n');
  const rules = { haveibeenpwned_enabled: true };

  test('a leaked password is refused; only five characters of its digest leave the server', async () => {
    const breaches = new Leaks(listed);
    expect(await policy({ rules, breaches }).check('password1', [])).toEqual({ id: 4_000_034 });
    expect(breaches.asked).toEqual(['https://leaks.example/E38AD']);
  });

  test('the configured number of leaks is tolerated', async () => {
    const given = { ...rules, max_breaches: 7 };
    expect(await policy({ rules: given, breaches: new Leaks(listed) }).check('password1', [])).toBeUndefined();
  });

  test('another password is accepted, and padding counts as no leak', async () => {
    expect(await policy({ rules, breaches: new Leaks(listed) }).check('password2', [])).toBeUndefined();
    expect(countIn('ABC:0\nDEF:3', 'ABC')).toBe(0);
    expect(countIn('ABC:x', 'ABC')).toBe(0);
  });

  test('without an answer: accepted or 503, as configured', async () => {
    const breaches = new Leaks(() => Promise.reject(new Error('away')));
    expect(await policy({ rules, breaches }).check('password1', [])).toBeUndefined();
    const strict = policy({ rules: { ...rules, ignore_network_errors: false }, breaches });
    await expect(strict.check('password1', [])).rejects.toMatchObject({ status: 503 });
  });

  test('a password that is refused anyway is not looked up', async () => {
    const breaches = new Leaks(listed);
    await policy({ rules, breaches }).check('short', []);
    expect(breaches.asked).toEqual([]);
  });

  test('failed lookups are logged once a minute, with their code and nothing about the password', async () => {
    const [clock, log] = [new SetClock(), [] as string[]];
    const codes = ['slow', 'unreachable', 'status 503'];
    const breaches = new Leaks(() => Promise.reject(new LookupFailed(codes.shift() ?? 'large')));
    const away = policy({ rules, breaches, clock, log });
    await away.check('password1', []);
    clock.milliseconds = 59_000;
    await away.check('password1', []);
    await away.check('password1', []);
    clock.milliseconds = 61_000;
    await away.check('password1', []);
    const msg = 'passwords were not checked against known data breaches';
    expect(log.map((line) => JSON.parse(line) as unknown)).toEqual([
      { level: 40, code: 'slow', failed: 1, accepted: true, msg },
      { level: 40, code: 'large', failed: 3, accepted: true, msg },
    ]);
    expect(log.join('')).not.toMatch(/password1|E38AD|214943/i);
  });
});
