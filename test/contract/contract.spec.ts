/**
 * The API contract: replays Ory Kratos' recorded answers against the built server with config/kratos-parity.yml.
 * not-yet-expected.json lists the scenarios that may still fail; a scenario that passes must leave the list.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import notYetExpected from './not-yet-expected.json' with { type: 'json' };
import { checksums, filesOfTheCopy, play, type Played, scenarios } from './reference.js';

const MINUTE = 60_000;
const BUILT = join(import.meta.dirname, '../../dist/cli/index.js');
const suites = await scenarios();
const all = [...suites.values()].flat();

test('the copy of the reference is complete, byte for byte, and contains nothing else', () => {
  const files = checksums();
  expect(files.filter((file) => !file.whole)).toEqual([]);
  expect(filesOfTheCopy()).toEqual([...files.map((file) => file.path), './SHA256SUMS'].sort());
});

test('the list of expected failures names existing scenarios, each once, in order', () => {
  expect(notYetExpected).toEqual(all.filter((scenario) => notYetExpected.includes(scenario)));
});

describe('the recorded answers', () => {
  let report: Map<string, Played>;
  let output: string;

  beforeAll(async () => {
    if (!existsSync(BUILT)) throw new Error('The server is not built. Run this first: npm run build');
    ({ report, output } = await play());
  }, 12 * MINUTE);

  describe.each([...suites])('%s', (_suite, names) => {
    test.each(names)('%s', (scenario) => {
      const played = report.get(scenario);
      const failures = played?.failures ?? [{ step: '(not played)', reasons: output.split('\n').slice(-30) }];
      const passes = played !== undefined && played.failed === 0 && played.passed > 0;
      if (notYetExpected.includes(scenario)) {
        expect(passes, `passes now: take "${scenario}" out of not-yet-expected.json`).toBe(false);
      } else {
        expect(failures).toEqual([]);
        expect(passes, 'played, every step passed').toBe(true);
      }
    });
  });
});
