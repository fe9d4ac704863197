/**
 * What a client of Kratos meets where nobody asked for parity: the recorded answers, played with the safe defaults. Every step
 * that differs is on a list with its reason; one that differs no more must leave the list.
 */
import { expect, test } from 'vitest';
import notYetExpected from './not-yet-expected.json' with { type: 'json' };
import { play, scenarios } from './reference.js';
import listed from './safe-defaults.json' with { type: 'json' };

const MINUTE = 60_000;
const DIFFERENCES: readonly { why: string; steps: readonly string[] }[] = listed;

/** Files of which every scenario passes with parity. */
async function expectedSuites(): Promise<string[]> {
  const all = [...(await scenarios())];
  return all.filter(([, names]) => !names.some((name) => notYetExpected.includes(name))).map(([suite]) => suite);
}

test(
  'exactly the steps on the list differ, each for a reason',
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
