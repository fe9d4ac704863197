import { getConstructionPlans } from 'pg-boss';
import { expect, test } from 'vitest';
import { versionIn } from './job-queue-schema.js';

const written = (version: string): string => `INSERT INTO q.version(version) VALUES ('${version}');`;

test('the version is read from the plans of the installed library', () => {
  const version = versionIn(getConstructionPlans('any'));
  expect(Number.isInteger(version) && version > 20).toBe(true);
});

test('it is the version that they store', () => {
  expect(versionIn(`CREATE TABLE q.version (version int);\n${written('46')}\nCOMMIT;`)).toBe(46);
});

test.each([
  ['nothing', ''],
  ['no number', written('next')],
  ['another wording', `INSERT INTO q.version (version, at) VALUES (46, now())`],
  ['two of them', written('46') + written('47')],
])('plans with %s are rejected', (_, plans) => {
  expect(() => versionIn(plans)).toThrow('the job queue does not state the version of its schema');
});
