/**
 * Clock: the process's idea of now, for logs, back-off and HTTP dates.
 *
 * Expiry is never decided here: the database compares with clock_timestamp().
 */
import { Injectable } from '@nestjs/common';

export { noSoonerThan } from './no-sooner-than.js';

@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }

  /** Milliseconds from an arbitrary start that never runs backwards. */
  monotonic(): number {
    return performance.now();
  }
}
