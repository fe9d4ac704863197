import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app?.stop());

test('with no extension listed the database has our schemas only, and one pool', async () => {
  const schemas = await app.sql<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)' ORDER BY 1`,
  );
  expect(schemas.map(({ name }) => name)).toEqual(['public', 'regain_queue']);
  expect(app.configuration.extensions).toEqual([]);
});
