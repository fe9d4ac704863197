import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SessionDatabase, sessionDatabase } from '../../../test/support/session-database.js';
import { until } from '../../../test/support/until.js';
import { Database } from '../database/index.js';
import { Unavailable } from '../errors/index.js';
import { CurrentRequest } from '../http/index.js';
import { KeyRing } from '../keys/index.js';
import { LIMIT_NAMES, type LimitName, type Rate, type Rates } from '../limits/index.js';
import { PostgresRateLimiter } from './postgres-rate-limiter.js';
import { TooManyRequests } from './rate-limit.errors.js';
import { RateLimitPurge } from './rate-limit.purge.js';

let database: SessionDatabase;
beforeAll(async () => void (database = await sessionDatabase()));
afterAll(() => database?.stop());

const current = new CurrentRequest();
const keys = new KeyRing(['a-secret-of-the-tests-only-0001']);

/** The limiter of one process, and the number of statements it ran. */
function node(rates: Partial<Record<LimitName, Rate>>, statement?: Database['statement']) {
  const said: string[] = [];
  const counted = { statements: 0 };
  const db = {
    statement: (...given: Parameters<Database['statement']>) => {
      counted.statements++;
      return statement ? statement(...given) : database.db.statement(...given);
    },
  } as Database;
  const all = Object.fromEntries(LIMIT_NAMES.map((name) => [name, rates[name] ?? null])) as Rates;
  const refusals = { refused: (...words: string[]) => void said.push(words.join(' ')) };
  return { limiter: new PostgresRateLimiter(db, current, keys, all, refusals), counted, said };
}

const from = <T>(network: string, work: () => Promise<T>, actor = { type: 'anonymous' as const }): Promise<T> =>
  current.run({ requestId: 'r', network, userAgent: '', actor }, work);

test('of any number of parallel attempts on two processes, exactly the limit passes', async () => {
  const rates = { recovery_mails: { points: 20, seconds: 3600 } };
  const nodes = [node(rates), node(rates)];
  const answers = await Promise.all(
    Array.from({ length: 80 }, (_, at) => nodes[at % 2]!.limiter.allows('recovery_mails', 'anna@example.com')),
  );
  expect(answers.filter((passed) => passed)).toHaveLength(20);
});

test('a flood above the limit runs no statements', async () => {
  const { limiter, counted, said } = node({ login_network: { points: 3, seconds: 3600 } });
  const tries = (times: number) =>
    from('192.0.2.1', async () => {
      for (let at = 0; at < times; at++) await limiter.allows('login_network');
    });
  await tries(4);
  const before = counted.statements;
  await tries(1000);
  expect(counted.statements).toBe(before);
  expect(said).toHaveLength(1001);
  expect(new Set(said)).toEqual(new Set(['rate_limit.exceeded rate_limit login_network']));
});

test("a process's memory is limited, and the database knows the rest", async () => {
  const spent = async () => [{ points: 7, expire: String(Number.MAX_SAFE_INTEGER) }] as never[];
  const { limiter, counted } = node({ recovery_mails: { points: 1, seconds: 3600 } }, spent);
  const spend = async (address: string) => expect(await limiter.allows('recovery_mails', address)).toBe(false);
  for (let at = 0; at < 5_000; at++) await spend(`${at}@example.com`);
  await spend('0@example.com');
  expect(counted.statements).toBe(5_000);
  await spend('one.more@example.com');
  await spend('0@example.com');
  expect(counted.statements).toBe(5_002);
});

test('a disabled limit counts nothing', async () => {
  const { limiter, counted } = node({});
  await limiter.take(LIMIT_NAMES, 'anna@example.com');
  await limiter.forgive(LIMIT_NAMES, 'anna@example.com');
  expect(counted.statements).toBe(0);
});

test('each limit, subject, network and actor is counted separately', async () => {
  const rate = { points: 1, seconds: 3600 };
  const { limiter } = node({ login_identifier: rate, code_address: rate, issue_actor: rate });
  const once = (limit: LimitName, network: string, subject?: string, actor = {}) =>
    from(network, () => limiter.allows(limit, subject), { type: 'anonymous', ...actor });
  expect(await once('login_identifier', '192.0.2.2', 'a')).toBe(true);
  expect(await once('login_identifier', '192.0.2.2', 'a')).toBe(false);
  expect(await once('code_address', '192.0.2.2', 'a')).toBe(true);
  expect(await once('login_identifier', '192.0.2.2', 'b')).toBe(true);
  expect(await once('login_identifier', '192.0.2.3', 'a')).toBe(true);
  expect(await once('issue_actor', '192.0.2.2', undefined, { id: '1' })).toBe(true);
  expect(await once('issue_actor', '192.0.2.9', undefined, { id: '1' })).toBe(false);
  expect(await once('issue_actor', '192.0.2.2', undefined, { id: '2' })).toBe(true);
});

test('the first used-up limit refuses, and later ones are not charged', async () => {
  const { limiter } = node({
    recovery_address: { points: 1, seconds: 60 },
    recovery_mails: { points: 2, seconds: 3600 },
  });
  const ask = (network: string) =>
    from(network, () => limiter.take(['recovery_address', 'recovery_mails'], 'cy@example.com'));
  await ask('192.0.2.4');
  const refusal = await ask('192.0.2.4').then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(refusal).toBeInstanceOf(TooManyRequests);
  expect((refusal as TooManyRequests).headers['ratelimit-policy']).toBe('1;w=60');
  await ask('192.0.2.5');
  await expect(ask('192.0.2.6')).rejects.toMatchObject({ status: 429, headers: { 'ratelimit-policy': '2;w=3600' } });
});

test('forgiving resets the count', async () => {
  const { limiter } = node({ login_identifier_total: { points: 2, seconds: 3600 } });
  const allows = () => limiter.allows('login_identifier_total', 'dora');
  expect([await allows(), await allows(), await allows()]).toEqual([true, true, false]);
  await limiter.forgive(['login_identifier_total'], 'dora');
  expect([await allows(), await allows(), await allows()]).toEqual([true, true, false]);
});

test('forgiving on one node counts on another, which soon asks again', async () => {
  const rates = { login_identifier: { points: 2, seconds: 3600 } };
  const [one, two] = [node(rates), node(rates)];
  const allows = ({ limiter }: typeof one) => from('192.0.2.9', () => limiter.allows('login_identifier', 'emil'));
  expect([await allows(one), await allows(one), await allows(one), await allows(two)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  const before = one.counted.statements;
  expect(await allows(one)).toBe(false);
  expect(one.counted.statements).toBe(before);
  await from('192.0.2.9', () => two.limiter.forgive(['login_identifier'], 'emil'));
  expect(await allows(two)).toBe(true);
  await until('the other node allows it, too', async () => ((await allows(one)) ? true : undefined));
  expect([await allows(one), await allows(two)]).toEqual([false, false]);
});

test('an IPv6 /48 is one network, too, of sixteen times the size', async () => {
  const rates = { login_network: { points: 2, seconds: 3600 } };
  const nodes = [node(rates), node(rates)];
  const allows = (prefix: string, subnet: number) =>
    from(`${prefix}:${subnet.toString(16)}::1`, () => nodes[subnet % 2]!.limiter.allows('login_network'));
  const answers = await Promise.all(Array.from({ length: 60 }, (_, subnet) => allows('2001:db8:1', subnet)));
  expect(answers.filter((passed) => passed)).toHaveLength(32);
  expect(await allows('2001:db8:1', 61)).toBe(false);
  expect(await allows('2001:db8:2', 1)).toBe(true);
});

test('without the database, nothing passes and nothing counts as too many', async () => {
  const away = () => Promise.reject(new Unavailable('The database cannot be reached.'));
  const { limiter, said } = node({ login_network: { points: 3, seconds: 3600 } }, away);
  await expect(limiter.take(['login_network'])).rejects.toBeInstanceOf(Unavailable);
  await expect(limiter.allows('login_network')).rejects.toBeInstanceOf(Unavailable);
  await expect(limiter.forgive(['login_network'])).rejects.toBeInstanceOf(Unavailable);
  expect(said).toEqual([]);
});

test('the purge removes only windows that ended an hour ago, in batches', async () => {
  await database.rows('DELETE FROM rate_limit');
  await database.rows(
    `INSERT INTO rate_limit SELECT 'old:' || n, 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 3601000 FROM generate_series(1, 5) n`,
  );
  await database.rows(
    `INSERT INTO rate_limit VALUES ('live', 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 3500000)`,
  );
  const [purgeable] = new RateLimitPurge(database.db).purgeables();
  expect([await purgeable!.purge(3, 86_400), await purgeable!.purge(3, 86_400)]).toEqual([3, 2]);
  expect(await database.rows('SELECT key FROM rate_limit')).toEqual([{ key: 'live' }]);
});
