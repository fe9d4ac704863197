import { setTimeout } from 'node:timers/promises';

/**
 * Settles with the outcome of `work`, but never sooner than `milliseconds` after it started.
 * The wait holds no resources: by then `work` has released its connections and locks.
 */
export async function noSoonerThan<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  if (milliseconds <= 0) return work();
  const [result] = await Promise.allSettled([work(), setTimeout(Math.ceil(milliseconds))]);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
