/**
 * Clock: the process's own time, for logs, back-off and HTTP dates.
 *
 * Never decides expiry: the database does, with clock_timestamp().
 */
import { Injectable } from '@nestjs/common';

export { inTurns, Turns } from './in-turns.js';
export { noSoonerThan } from './no-sooner-than.js';

@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }

  /** Milliseconds since an arbitrary start; never runs backwards. */
  monotonic(): number {
    return performance.now();
  }
}
