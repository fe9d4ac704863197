import { getConstructionPlans } from 'pg-boss';
import { expect, test } from 'vitest';
import { versionIn } from './job-queue-schema.js';

const written = (version: string): string => `INSERT INTO q.version(version) VALUES ('${version}');`;

test('the version is read from the plans of the library that is installed', () => {
  const version = versionIn(getConstructionPlans('any'));
  expect(Number.isInteger(version) && version > 20).toBe(true);
});

test('it is what they write down', () => {
  expect(versionIn(`CREATE TABLE q.version (version int);\n${written('46')}\nCOMMIT;`)).toBe(46);
});

test.each([
  ['nothing', ''],
  ['no number', written('next')],
  ['it in other words', `INSERT INTO q.version (version, at) VALUES (46, now())`],
  ['two of them', written('46') + written('47')],
])('plans that say %s are refused', (_, plans) => {
  expect(() => versionIn(plans)).toThrow('the job queue does not state the version of its schema');
});
