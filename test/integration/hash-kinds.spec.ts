import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HASH_KINDS, HashKinds } from '../../src/identity/passwords/hash-kinds.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { newPerson } from '../support/people.js';

let app: TestApp;
beforeAll(async () => void (app = await startTestApp()));
afterAll(() => app.stop());

const SALT = 'AQEBAQEBAQEBAQEBAQEBAQ';
const KEY = 'gZOIyhr2zwwcVB1oHM1tJQqtsZ0a4ZwnNNSU0d2tJAg';
const BCRYPT = 'CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const ARGON2 = `$argon2id$v=19$m=64,t=1,p=1$${SALT}$${KEY}`;

/** Stores a hash unchanged. */
async function store(hash: string | null, type = 'password'): Promise<void> {
  const { id } = await newPerson(app);
  await app.sql('DELETE FROM identity_credential WHERE identity_id = $1 AND type = $2', [id, type]);
  await app.sql(
    `INSERT INTO identity_credential (id, identity_id, type, config)
     VALUES ($1, $2, $3, jsonb_strip_nulls(jsonb_build_object('hashed_password', $4::text)))`,
    [randomUUID(), id, type, hash],
  );
}
const kinds = async () => (await app.get(HashKinds).list()).map(({ kind }) => kind).sort();

test('each algorithm with its parameters is one kind, with a sample hash; salts and other credentials do not count', async () => {
  expect(await kinds()).toEqual([]);
  for (const hash of [
    ...[`$2a$05$${BCRYPT}`, `$2a$05$${BCRYPT.replace('E5', 'E6')}`, `$2b$12$${BCRYPT}`],
    ...[ARGON2, ARGON2.replace('m=64', 'm=65536'), ARGON2.replace('argon2id', 'argon2i')],
    `$wrapped$JG1kNSRwZiQk${ARGON2}`,
    `$pbkdf2-sha256$i=310000,l=32$${SALT}$${KEY}`,
    `$scrypt$ln=16384,r=8,p=1$${SALT}$${KEY}`,
    `$firescrypt$ln=14,r=8,p=1$${SALT}$${KEY}$Bw$${KEY}`,
    ...['$sha512-crypt$rounds=5000$salt$x', '$sha256-crypt$salt$x', '$sha256-crypt$12salt$x'],
  ])
    await store(hash);
  for (const none of ['no hash at all', '', null]) await store(none);
  await store(ARGON2.replace('t=1', 't=9'), 'oidc');
  expect(await kinds()).toEqual(
    [
      ...['$2a$05', '$2b$12'],
      ...['$argon2i$v=19$m=64,t=1,p=1', '$argon2id$v=19$m=64,t=1,p=1', '$argon2id$v=19$m=65536,t=1,p=1'],
      ...['$firescrypt$ln=14,r=8,p=1', '$pbkdf2-sha256$i=310000,l=32', '$scrypt$ln=16384,r=8,p=1'],
      ...['$sha256-crypt', '$sha512-crypt$rounds=5000', '$wrapped$JG1kNSRw$argon2id$v=19$m=64,t=1,p=1'],
    ].sort(),
  );
  const [bcrypt] = (await app.get(HashKinds).list()).filter(({ kind }) => kind === '$2b$12');
  expect(bcrypt?.hash).toBe(`$2b$12$${BCRYPT}`);
});

test('a wrapped hash is its own kind, not that of the argon2id around it', async () => {
  await app.sql('DELETE FROM identity_credential');
  const md5Crypt = (salt: string) => Buffer.from(`$md5-crypt$${salt}$${'.'.repeat(22)}`).toString('base64url');
  for (const hash of [ARGON2, `$wrapped$${md5Crypt('salt')}${ARGON2}`, `$wrapped$${md5Crypt('12345678')}${ARGON2}`])
    await store(hash);
  const [plain, wrapped, ...more] = await app.get(HashKinds).list();
  expect([plain!.hash, more]).toEqual([ARGON2, []]);
  expect(wrapped!.hash).toContain('$wrapped$');
});

test('kinds are found without reading every password', async () => {
  await app.sql(
    `WITH person_ AS (
       INSERT INTO identity (id, schema_id, traits) SELECT gen_random_uuid(), 'person', '{}' FROM generate_series(1, 20000) RETURNING id)
     INSERT INTO identity_credential (id, identity_id, type, config)
     SELECT gen_random_uuid(), id, 'password', jsonb_build_object('hashed_password', $1::text) FROM person_`,
    [`$2b$12$${BCRYPT}`],
  );
  await app.sql('ANALYZE identity_credential');
  const plan = await app.sql<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, COSTS OFF, SUMMARY OFF) ${HASH_KINDS}`);
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toContain('identity_credential_hash_kind');
  expect(text).not.toContain('Seq Scan on identity_credential');
  expect(text).not.toContain('Sort');
});
