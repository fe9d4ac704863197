import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../../test/support/app.js';
import { newPerson } from '../../../test/support/people.js';
import { CountAccountGuess } from './count-account-guess.js';

let nodes: TestApp[];
const config = { regain: { rate_limits: { code_account: '20/24h' } } };
beforeAll(async () => {
  const first = await startTestApp({ config });
  nodes = [first, await startTestApp({ config, databaseUrl: first.databaseUrl })];
});
afterAll(async () => {
  for (const node of nodes.toReversed()) await node.stop();
});

const count = (address: string, at = 0): Promise<boolean> => nodes[at % 2]!.get(CountAccountGuess).run(address);
const allowed = async (address: string, tries: number): Promise<number> => {
  const answers = await Promise.all(Array.from({ length: tries }, (_, at) => count(address, at)));
  return answers.filter((passed) => passed).length;
};
const age = (hours: number) =>
  nodes[0]!.sql(
    `UPDATE code_guess SET guessed_at = ARRAY(SELECT each - make_interval(hours => $1) FROM unnest(guessed_at) AS each)`,
    [hours],
  );

test('of any number of concurrent guesses on two nodes, twenty pass, whether or not the address exists', async () => {
  const { email } = await newPerson(nodes[0]!);
  expect(await allowed(email, 200)).toBe(20);
  expect(await allowed(`${randomUUID()}@example.com`, 200)).toBe(20);
});

test('the addresses of one account are counted together, those of another separately', async () => {
  const { id, email } = await newPerson(nodes[0]!);
  const second = `${randomUUID()}@example.com`;
  await nodes[0]!.sql(
    `INSERT INTO recovery_address (id, identity_id, via, value, normalized, created_at, updated_at)
     SELECT gen_random_uuid(), identity_id, via, $2, $2, created_at, updated_at FROM recovery_address WHERE identity_id = $1`,
    [id, second],
  );
  expect(await allowed(email, 15)).toBe(15);
  expect(await allowed(second, 15)).toBe(5);
  expect(await nodes[1]!.get(CountAccountGuess).usedUp(email)).toBe(true);
  const other = await newPerson(nodes[0]!);
  expect(await nodes[1]!.get(CountAccountGuess).usedUp(other.email)).toBe(false);
  expect(await allowed(other.email, 1)).toBe(1);
});

test('a replaced address is counted with the account while it keeps working', async () => {
  const { id, email } = await newPerson(nodes[0]!);
  const earlier = `${randomUUID()}@example.com`;
  await nodes[0]!.sql(
    `INSERT INTO address_history (id, identity_id, kind, via, mailbox, normalized, value, first_seen_at, removed_at, kept_since)
     VALUES (gen_random_uuid(), $1, 'recovery', 'email', $2, $2, $2, clock_timestamp() - interval '40 days', clock_timestamp(), clock_timestamp())`,
    [id, earlier],
  );
  expect(await allowed(earlier, 15)).toBe(15);
  expect(await allowed(email, 15)).toBe(5);
  expect(await nodes[1]!.get(CountAccountGuess).usedUp(earlier)).toBe(true);
});

/** A fixed window that starts with the first guess allows twice as many around its end. */
test('within any 24 hours, not only those that start with the first guess', async () => {
  const address = `${randomUUID()}@example.com`;
  expect(await allowed(address, 1)).toBe(1);
  await age(23);
  expect(await allowed(address, 30)).toBe(19);
  await age(2);
  expect(await allowed(address, 30)).toBe(1);
  await age(21);
  expect(await allowed(address, 30)).toBe(0);
  await age(2);
  expect(await allowed(address, 30)).toBe(19);
});

test('the rows contain no unknown address, and are purged after a day', async () => {
  const address = `${randomUUID()}@example.com`;
  await count(address);
  const rows = await nodes[0]!.sql<{ text: string }>(`SELECT encode(subject, 'escape') AS text FROM code_guess`);
  expect(rows.filter(({ text }) => text.includes(address))).toEqual([]);
});
