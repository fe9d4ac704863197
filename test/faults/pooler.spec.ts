import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../src/database/index.js';
import { newToken } from '../support/cluster.js';
import { GENEROUS } from '../support/generous-limits.js';
import { launch, PATIENCE, startServerProcess, workplace } from '../support/server-process.js';
import { temporaryDatabase } from '../support/temporary-database.js';
import { PGBOUNCER, Pooler } from './network/pooler.js';

/** Debian's 1.18 is the last one without prepared statements. CI installs one, so there the test must run. */
const isHere = process.env['CI'] !== undefined || existsSync(PGBOUNCER);

describe.skipIf(!isHere)('a start through PgBouncer in transaction mode', () => {
  let database: Awaited<ReturnType<typeof temporaryDatabase>>;
  let strict: Pooler;
  let lenient: Pooler;
  beforeAll(async () => {
    database = await temporaryDatabase();
    await migrate(database.url);
    strict = await Pooler.start(database.url, {});
    lenient = await Pooler.start(database.url, { ignore_startup_parameters: 'statement_timeout' });
  });
  afterAll(async () => {
    await strict?.stop();
    await lenient?.stop();
    await database?.stop();
  });

  const place = (dsn: string, keys: object = {}) =>
    workplace({ dsn, config: { regain: { rate_limits: GENEROUS, database: { direct_dsn: database.url, ...keys } } } });

  test.each([
    ['that rejects statement_timeout', 'ignore_startup_parameters = statement_timeout', () => strict, {}],
    ['that does not keep prepared statements', 'Set regain.database.prepared: false', () => lenient, {}],
    ['that rejects it, with unnamed statements too', 'ignore_startup_parameters', () => strict, { prepared: false }],
  ])('%s fails and says what to set', { timeout: 2 * PATIENCE }, async (_what, remedy, pooler, keys) => {
    const here = await place(pooler().url, keys);
    try {
      const server = launch(here);
      expect(await server.exited).toEqual({ code: 1, signal: null });
      expect(server.stdout).toBe('');
      expect(server.stderr).toContain(remedy);
      expect(server.stderr).not.toMatch(/^\s+at /m);
      expect(server.stderr.trim().split('\n')).toHaveLength(1);
      expect(server.stderr).not.toContain(new URL(database.url).password);
    } finally {
      await here.clear();
    }
  });

  test(
    'that is set up as documented works, and warns about what does not reach PostgreSQL',
    { timeout: 3 * PATIENCE },
    async () => {
      const here = await place(lenient.url, { prepared: false });
      const token = newToken();
      const server = await startServerProcess(here, { env: { REGAIN_ACCESS_TOKEN: token } });
      try {
        expect(server.stderr).toContain('ALTER ROLE … SET statement_timeout');
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
        const create = (n: number): Promise<Response> =>
          fetch(`${here.adminUrl}/admin/identities`, {
            method: 'POST',
            headers,
            body: JSON.stringify({ schema_id: 'person', traits: { email: `person.${n}@example.com` } }),
          });
        for (let round = 0; round < 5; round++) {
          const together = Array.from({ length: 6 }, (_, client) => create(6 * round + client));
          const statuses = (await Promise.all(together)).map(({ status }) => status);
          expect(statuses, server.stderr).toEqual(together.map(() => 201));
        }
        expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
      } finally {
        await server.end('SIGKILL');
        await here.clear();
      }
    },
  );
});
