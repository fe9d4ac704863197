import { AsyncLocalStorage } from 'node:async_hooks';
import { OutOfTime } from './out-of-time.js';

/**
 * Milliseconds that one request may wait for the database, over all its statements. The clock runs only while the
 * request waits for the database: hashing a password, for example, costs none of it.
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

  /** @throws OutOfTime when the budget ends, even if `work` is still running */
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
 * Runs `work` as a request that may wait at most `milliseconds` for the database. Commands, jobs and migrations run
 * outside it because no caller is waiting: there, `statement_timeout` limits each statement.
 */
export function withinBudget<T>(milliseconds: number, work: () => T): T {
  return storage.run({ budget: new Budget(milliseconds), milliseconds }, work);
}

/** Gives one of several independent parts of a request its own budget. Outside a request it just runs `work`. */
export function withBudgetAnew<T>(work: () => T): T {
  const milliseconds = storage.getStore()?.milliseconds;
  return milliseconds === undefined ? work() : withinBudget(milliseconds, work);
}

/** Milliseconds the request has left for the database; undefined outside a request. */
export function budgetLeft(): number | undefined {
  return storage.getStore()?.budget.left;
}

/**
 * Charges `work` to the request's budget, if there is one.
 * @throws OutOfTime
 */
export function spendBudget<T>(work: () => Promise<T>): Promise<T> {
  const budget = storage.getStore()?.budget;
  return budget ? budget.spend(work) : work();
}

/**
 * Settles with the outcome of `work`, or rejects with `error` once it takes longer than `milliseconds`. An outcome that
 * arrives after that goes to `late`.
 */
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
