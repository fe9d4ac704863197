/**
 * What a Kratos client sees without parity: replays the recorded answers with the safe defaults. Every step that
 * differs is listed with its reason; a step that no longer differs must leave the list.
 */
import { expect, test } from 'vitest';
import notYetExpected from './not-yet-expected.json' with { type: 'json' };
import { play, scenarios } from './reference.js';
import listed from './safe-defaults.json' with { type: 'json' };

const MINUTE = 60_000;
const DIFFERENCES: readonly { why: string; steps: readonly string[] }[] = listed;

/** Files in which every scenario passes with parity. */
async function expectedSuites(): Promise<string[]> {
  const all = [...(await scenarios())];
  return all.filter(([, names]) => !names.some((name) => notYetExpected.includes(name))).map(([suite]) => suite);
}

test(
  'exactly the listed steps differ, each for a reason',
  async () => {
    const { report, output } = await play({ parity: false, suites: await expectedSuites() });
    const differing = [...report].flatMap(([scenario, { failures }]) =>
      failures.map(({ step }) => `${scenario} › ${step}`),
    );
    const expected = DIFFERENCES.flatMap(({ steps }) => steps);
    expect(report.size, output.slice(-2_000)).toBeGreaterThan(60);
    expect([...new Set(differing)].sort()).toEqual([...expected].sort());
    expect(DIFFERENCES.filter(({ why }) => why.length < 20)).toEqual([]);
  },
  12 * MINUTE,
);
