import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import bcrypt from 'bcrypt';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmbedded } from '../../src/platform/embedded-postgres/index.js';
import { KratosDatabase } from '../support/kratos-database.js';
import { expectMoved, move, type Move } from './kratos-import.support.js';

const HASH = bcrypt.hashSync('correct horse', 8);

let world: Move;
beforeAll(async () => {
  world = await move();
});
afterAll(() => world.stop());

const refused = (dsn: string): Promise<{ status: number; reason: string }> =>
  world.run({ dsn }).then(
    () => {
      throw new Error('was not refused');
    },
    (error: unknown) => error as { status: number; reason: string },
  );

describe('a read-only role', () => {
  let server: Awaited<ReturnType<typeof startEmbedded>>;
  let kratos: KratosDatabase;
  let reader: string;
  let superuser: pg.Client;

  beforeAll(async () => {
    server = await startEmbedded({ directory: '', role: 'temporary' });
    const cluster = JSON.parse(await readFile(join(server.directory, 'cluster.json'), 'utf8')) as {
      superuser_password: string;
    };
    kratos = await KratosDatabase.make({ url: server.url, drop: () => Promise.resolve() });
    const url = new URL(server.url);
    [url.username, url.password] = ['postgres', cluster.superuser_password];
    superuser = new pg.Client({ connectionString: url.href });
    await superuser.connect();
    await superuser.query(await grantsOfTheGuide(url.pathname.slice(1)));
    [url.username, url.password] = ['regain_import', 'choose-a-password'];
    reader = url.href;
  });
  afterAll(async () => {
    await superuser?.end();
    await kratos?.drop();
    await server?.stop();
  });

  test('created as in docs/import-kratos.md, imports everything including sessions', async () => {
    const id = await kratos.addWithHash('read@example.com', HASH);
    await kratos.signIn(id);
    const outcome = await world.run({ dsn: reader, withSessions: true });
    expectMoved(outcome, 1);
    expect(outcome.written?.sessions).toBe(1);
    const client = new pg.Client({ connectionString: reader });
    await client.connect();
    await expect(client.query('DELETE FROM identities')).rejects.toMatchObject({ code: '42501' });
    await client.end();
  });

  test('even the owner of the tables changes nothing: the transaction is read-only', async () => {
    await superuser.query(`
      CREATE FUNCTION note() RETURNS text LANGUAGE plpgsql AS
        $$ BEGIN DELETE FROM public.networks; RETURN 'person'; END $$;
      ALTER TABLE identities RENAME TO identities_kept;
      CREATE VIEW identities AS SELECT id, note()::varchar AS schema_id, traits, created_at, updated_at, nid, state,
        state_changed_at, metadata_public, metadata_admin FROM identities_kept;
      GRANT SELECT ON identities TO PUBLIC`);
    const { reason } = await refused(server.url);
    expect(reason).toContain('25006');
    await superuser.query('DROP VIEW identities; ALTER TABLE identities_kept RENAME TO identities');
  });

  test('a table that it cannot read is named as such', async () => {
    await superuser.query('REVOKE SELECT ON identity_credentials FROM regain_import');
    expect((await refused(reader)).reason).toContain('identity_credentials');
    await superuser.query('GRANT SELECT ON identity_credentials TO regain_import');
  });

  /** The statements that the guide tells an administrator to run. */
  async function grantsOfTheGuide(database: string): Promise<string> {
    const guide = await readFile('docs/import-kratos.md', 'utf8');
    const sql = /```sql\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
    return sql.replaceAll('DATABASE kratos', `DATABASE "${database}"`);
  }
});

describe('the table layout', () => {
  test("a database that is not Kratos': says what was found, what is missing, and what is supported", async () => {
    const { reason } = await refused(world.app.databaseUrl);
    expect(reason).toContain('Found: none of its tables');
    expect(reason).toContain('networks, identities');
    expect(reason).toContain('Kratos 1.0 and later');
  });

  test('an unsupported version is rejected, naming the columns', async () => {
    const old = await KratosDatabase.make();
    await old.sql('ALTER TABLE sessions RENAME authentication_methods TO something');
    await old.sql('DROP TABLE session_devices');
    const { reason } = await refused(old.url);
    expect(reason).toContain('Missing, or not visible to this user: sessions.authentication_methods, session_devices.');
    await old.drop();
  });

  test('columns added late may be missing', async () => {
    const old = await KratosDatabase.make();
    const id = await old.addWithHash('early@example.com', HASH);
    for (const column of ['external_id', 'organization_id', 'available_aal'])
      await old.sql(`ALTER TABLE identities DROP COLUMN ${column}`);
    await old.sql('ALTER TABLE identity_credential_identifiers DROP COLUMN identity_id CASCADE');
    expectMoved(await world.run({ dsn: old.url }), 1);
    expect(await world.app.sql('SELECT id FROM identity WHERE id = $1', [id])).toEqual([{ id }]);
    await old.drop();
  });

  test('finds tables through search_path; ignores parameters that only Go knows', async () => {
    const other = await KratosDatabase.make();
    await other.addWithHash('path@example.com', HASH);
    await other.sql('ALTER SCHEMA public RENAME TO kratos');
    expect((await refused(other.url)).reason).toContain('none of its tables');
    expectMoved(await world.run({ dsn: `${other.url}?search_path=kratos&max_conns=20&max_idle_conns=4` }), 1);
    await other.drop();
  });
});

describe('an unusable DSN', () => {
  const SECRET = 'pass-word-of-the-source';
  test.each([
    ['empty', ' ', 'empty'],
    ['mysql', `mysql://kratos:${SECRET}@tcp(127.0.0.1:3306)/kratos`, 'only import Kratos on PostgreSQL'],
    ['memory', 'memory', 'only import Kratos on PostgreSQL'],
    ['not a URL', `postgres://kratos:${SECRET}@:notaport/x`, 'not a valid URL'],
    ['nobody there', `postgres://kratos:${SECRET}@127.0.0.1:1/kratos`, 'ECONNREFUSED'],
  ])('%s', async (_, dsn, text) => {
    const { reason } = await refused(dsn);
    expect(reason).toContain(text);
    expect(reason).not.toContain(SECRET);
  });

  test('a wrong password, a missing database', async () => {
    const wrong = new URL(world.kratos.url);
    wrong.password = SECRET;
    expect((await refused(wrong.href)).reason).toContain('28P01');
    const missing = new URL(world.kratos.url);
    missing.pathname = '/nothing_here';
    expect((await refused(missing.href)).reason).toContain('3D000');
  });
});
