import { edits } from '../../platform/spelling/index.js';

/**
 * The least edit distance from every identifier, and the largest share of the password that may come from one. Values
 * from Kratos.
 */
const LEAST_DISTANCE = 5;
const LARGEST_SHARE = 0.5;

/**
 * Whether someone who knows the identifier would guess the password: equal to it, a few edits away, or mostly made of
 * it.
 */
export function isTooSimilar(password: string, identifier: string): boolean {
  const a = [...password.toLowerCase()];
  const b = [...identifier.toLowerCase()];
  if (a.length === 0 || b.length === 0) return false;
  return edits(a, b, { swaps: false }) < LEAST_DISTANCE || longestCommonRun(a, b) / a.length > LARGEST_SHARE;
}

function longestCommonRun(a: readonly string[], b: readonly string[]): number {
  let longest = 0;
  let before = new Array<number>(b.length + 1).fill(0);
  for (const letter of a) {
    const runs = new Array<number>(b.length + 1).fill(0);
    b.forEach((other, j) => {
      if (letter !== other) return;
      const run = (before[j] ?? 0) + 1;
      runs[j + 1] = run;
      longest = Math.max(longest, run);
    });
    before = runs;
  }
  return longest;
}
