import { afterEach, expect, test } from 'vitest';
import { Database } from '../../src/platform/database/index.js';
import { startTestApp, type TestApp } from '../support/app.js';

const POOL = 3;
let app: TestApp | undefined;
afterEach(async () => app?.stop());

/**
 * Connections that died within a transaction used to keep their slots in the pool. The server then answered 503 forever
 * and never stopped.
 */
test('a pool whose connections were all killed in transactions works again, and closes', async () => {
  app = await startTestApp({ config: { regain: { database: { pool: POOL, request_timeout: '2.5s' } } } });
  const db = app.get(Database);
  const killed = Array.from({ length: POOL }, () =>
    db.transaction(async (em) => {
      await em.execute('SELECT pg_terminate_backend(pg_backend_pid())');
    }),
  );
  for (const outcome of await Promise.allSettled(killed)) expect(outcome.status).toBe('rejected');
  await expect
    .poll(
      () =>
        db.ping().then(
          () => 'serves',
          () => 'away',
        ),
      { timeout: 10_000, interval: 250 },
    )
    .toBe('serves');
  const together = Array.from({ length: POOL }, () => db.transaction((em) => em.execute('SELECT pg_sleep(0.1)')));
  await Promise.all(together);
  await app.stop();
  app = undefined;
});
