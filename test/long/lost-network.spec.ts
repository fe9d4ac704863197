import { describe, expect, test } from 'vitest';
import { getThrough, stopWithin, type Trouble, Troubled } from '../faults/network/trouble.js';

const MINUTE = 60_000;
const TROUBLES: Trouble[] = ['hole', 'freeze', 'half-open'];
const CASES = TROUBLES.flatMap((trouble) =>
  [10, 12, 30, 120].flatMap((seconds) => [true, false].map((loaded) => [trouble, seconds, loaded] as const)),
);

describe('a database that does not answer', () => {
  test.each(CASES)('%s of %s s, loaded %s', { timeout: 10 * MINUTE }, async (trouble, seconds, loaded) => {
    const troubled = await Troubled.start();
    try {
      const figures = await getThrough(troubled, trouble, seconds, loaded);
      console.log(figures);
      expect(figures).toContain(trouble);
    } finally {
      await troubled.stop();
    }
  });

  test.each(TROUBLES)('SIGTERM is obeyed in a %s', { timeout: 10 * MINUTE }, async (trouble) => {
    const troubled = await Troubled.start();
    try {
      const figures = await stopWithin(troubled, trouble);
      console.log(figures);
      expect(figures).toContain(trouble);
    } finally {
      await troubled.stop();
    }
  });
});
