import { setTimeout } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { budgetLeft, spendBudget, withBudgetAnew, withinBudget } from './request-budget.js';

const never = (): Promise<never> => new Promise(() => undefined);

describe("a request's time budget for the database", () => {
  test('is shared by all its statements, sequential and parallel', async () => {
    await withinBudget(300, async () => {
      await spendBudget(() => setTimeout(100));
      await Promise.all([spendBudget(() => setTimeout(100)), spendBudget(() => setTimeout(100))]);
      expect(budgetLeft()).toBeLessThan(105);
      const began = performance.now();
      await expect(spendBudget(never)).rejects.toThrow('no answer in time');
      expect(performance.now() - began).toBeLessThan(250);
      const more = vi.fn(never);
      await expect(spendBudget(more)).rejects.toThrow('no answer in time');
      expect(more).not.toHaveBeenCalled();
      expect(budgetLeft()).toBe(0);
    });
  });

  test('is not used up by anything else', async () => {
    await withinBudget(200, async () => {
      await setTimeout(300);
      expect(budgetLeft()).toBe(200);
      await spendBudget(() => setTimeout(10));
    });
  });

  test('starts again at its full size for an independent part', async () => {
    await withinBudget(100, async () => {
      await expect(spendBudget(never)).rejects.toThrow();
      await withBudgetAnew(() => spendBudget(() => setTimeout(50)));
    });
  });

  test('does not exist outside a request, where nothing is cut off', async () => {
    expect(budgetLeft()).toBeUndefined();
    expect(await spendBudget(() => setTimeout(50, 'done'))).toBe('done');
    expect(withBudgetAnew(budgetLeft)).toBeUndefined();
  });

  test("passes on the work's own error", async () => {
    const broken = withinBudget(100, () => spendBudget(() => Promise.reject(new Error('its own'))));
    await expect(broken).rejects.toThrow('its own');
  });
});
