/**
 * Duration: lengths of time as Go writes them (`12h`, `1h30m`, `1.5h`), exact to the nanosecond.
 *
 * Owns: the grammar, the range (64 bits, signed), the canonical text.
 * Does not own: clocks, instants, what a duration is used for.
 * May call: nothing.
 */
export { Duration } from './duration.js';
export { DurationError } from './duration.errors.js';
