import { setTimeout } from 'node:timers/promises';

/**
 * Resolves with the work's result, or rejects with its error, but never sooner than `milliseconds` after it began.
 * Waiting costs nobody anything: what the work holds, it has given back by then.
 */
export async function noSoonerThan<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  if (milliseconds <= 0) return work();
  const [result] = await Promise.allSettled([work(), setTimeout(Math.ceil(milliseconds))]);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
