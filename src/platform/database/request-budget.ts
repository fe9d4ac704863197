import { AsyncLocalStorage } from 'node:async_hooks';
import { OutOfTime } from './out-of-time.js';

/**
 * Milliseconds that one request may wait for the database, all its statements together. The clock runs while the request
 * waits for the database and stands still otherwise: hashing a password, for instance, costs none of them.
 */
class Budget {
  #left: number;
  #since = 0;
  #waiting = 0;
  #over = false;

  constructor(milliseconds: number) {
    this.#left = milliseconds;
  }

  get left(): number {
    if (this.#over) return 0;
    return this.#waiting > 0 ? this.#left - (performance.now() - this.#since) : this.#left;
  }

  /** @throws OutOfTime at the end of the budget, although `work` may still be at it */
  async spend<T>(work: () => Promise<T>): Promise<T> {
    if (this.left <= 0) throw new OutOfTime('no answer in time');
    if (this.#waiting++ === 0) this.#since = performance.now();
    try {
      return await before(this.left, work(), () => {
        this.#over = true;
        return new OutOfTime('no answer in time');
      });
    } finally {
      const left = this.left;
      if (--this.#waiting === 0) this.#left = left;
    }
  }
}

const storage = new AsyncLocalStorage<{ budget: Budget; milliseconds: number }>();

/**
 * Runs `work` as a request, which may wait for the database for so many milliseconds. What runs outside of one (commands,
 * jobs, migrations) is not waited for by anybody: there each statement has `statement_timeout`.
 */
export function withinBudget<T>(milliseconds: number, work: () => T): T {
  return storage.run({ budget: new Budget(milliseconds), milliseconds }, work);
}

/** One of many independent pieces of a request gets a budget of its own; outside of a request just runs it. */
export function withBudgetAnew<T>(work: () => T): T {
  const milliseconds = storage.getStore()?.milliseconds;
  return milliseconds === undefined ? work() : withinBudget(milliseconds, work);
}

/** Milliseconds that the request has left for the database; undefined outside of a request. */
export function budgetLeft(): number | undefined {
  return storage.getStore()?.budget.left;
}

/** Counts against the budget of the request, where there is one. @throws OutOfTime */
export function spendBudget<T>(work: () => Promise<T>): Promise<T> {
  const budget = storage.getStore()?.budget;
  return budget ? budget.spend(work) : work();
}

/** The outcome of `work`, or the error when it takes longer; `late` gets what comes too late. */
export function before<T>(
  milliseconds: number,
  work: Promise<T>,
  error: () => Error,
  late: (outcome: T) => void = () => undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      reject(error());
    }, milliseconds);
    work.then(
      (outcome) => {
        clearTimeout(timer);
        if (over) late(outcome);
        else resolve(outcome);
      },
      (reason: Error) => {
        clearTimeout(timer);
        reject(reason);
      },
    );
  });
}
