import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { regainHereIn } from '../cli/regain.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { newPerson, type Person } from '../support/people.js';
import { PATIENCE, workplace, type Workplace } from '../support/server-process.js';

/* An extension stands in the way, and somebody has to get in all the same. */
let app: TestApp;
let place: Workplace;
let them: Person;
beforeAll(async () => {
  app = await startTestApp();
  them = await newPerson(app);
  place = await workplace({ dsn: app.databaseUrl, config: { extensions: ['./broken.mjs'] } });
  await writeFile(join(place.directory, 'broken.mjs'), 'throw new Error("no license");');
}, 2 * PATIENCE);
afterAll(async () => {
  await place?.clear();
  await app?.stop();
});

const LONG = { timeout: 2 * PATIENCE };
const bypasses = () =>
  app.sql(`SELECT actor_type, reason FROM audit_event WHERE action = 'extensions.bypassed' ORDER BY id`);
const link = (...more: string[]) => regainHereIn(place, 'recovery', 'link', them.id, '--reason', 'drill', ...more);

test('it keeps a link from being made, unless the command leaves extensions out, which is audited', LONG, async () => {
  const refused = await link();
  expect([refused.code, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toContain('./broken.mjs throws while it is loaded: Error: no license');
  expect(await bypasses()).toEqual([]);
  const made = await link('--no-extensions');
  expect([made.code, made.stdout]).toEqual([0, expect.stringContaining('token=')]);
  expect(await bypasses()).toEqual([{ actor_type: 'operator', reason: 'drill' }]);
});

test('so do migrations', LONG, async () => {
  expect((await regainHereIn(place, 'migrate')).code).toBe(1);
  const ran = await regainHereIn(place, 'migrate', '--no-extensions');
  expect([ran.code, ran.stdout]).toEqual([0, expect.stringMatching(/nothing/i)]);
  expect(await bypasses()).toHaveLength(2);
});

test('a server, and commands that nobody needs in an emergency, do not take the option', LONG, async () => {
  for (const command of ['serve', 'purge'])
    expect((await regainHereIn(place, command, '--no-extensions')).code).toBe(2);
});
