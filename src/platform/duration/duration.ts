import { DurationError } from './duration.errors.js';

const NANOSECOND = 1n;
const MICROSECOND = 1_000n;
const MILLISECOND = 1_000_000n;
const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;

/** Unicode has two micro signs; Go accepts both. */
const UNITS: Readonly<Record<string, bigint>> = {
  ns: NANOSECOND,
  us: MICROSECOND,
  µs: MICROSECOND,
  μs: MICROSECOND,
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
};

const LARGEST = 2n ** 63n - 1n;
const SMALLEST = -(2n ** 63n);

/** A longer text cannot be a reasonable duration; the limit keeps hostile input cheap. */
const LONGEST_TEXT = 200;

const PART = /(\d*)(?:\.(\d*))?([^\d.]*)/y;

/** A length of time, kept as whole nanoseconds in the range of a signed 64-bit integer. Immutable. */
export class Duration {
  private constructor(readonly nanoseconds: bigint) {
    Object.freeze(this);
  }

  /** @throws DurationError when the text does not follow Go's `time.ParseDuration` or overflows */
  static parse(text: string): Duration {
    if (text.length > LONGEST_TEXT) throw new DurationError('syntax');
    const negative = text.startsWith('-');
    const unsigned = negative || text.startsWith('+') ? text.slice(1) : text;
    if (unsigned === '0') return new Duration(0n);
    if (unsigned === '') throw new DurationError('syntax');
    const size = sumOfParts(unsigned);
    return Duration.ofNanoseconds(negative ? -size : size);
  }

  /** @throws DurationError when the number does not fit into 64 bits */
  static ofNanoseconds(nanoseconds: bigint): Duration {
    if (nanoseconds > LARGEST || nanoseconds < SMALLEST) throw new DurationError('range');
    return new Duration(nanoseconds);
  }

  /** Milliseconds, possibly with a fraction. */
  get milliseconds(): number {
    return Number(this.nanoseconds / MILLISECOND) + Number(this.nanoseconds % MILLISECOND) / 1e6;
  }

  /** Seconds, possibly with a fraction. */
  get seconds(): number {
    return Number(this.nanoseconds / SECOND) + Number(this.nanoseconds % SECOND) / 1e9;
  }

  get isPositive(): boolean {
    return this.nanoseconds > 0n;
  }

  /** Formats as Go does: `12h0m0s`, `1.5s`, `500ms`, `0s`. */
  toString(): string {
    const size = this.nanoseconds < 0n ? -this.nanoseconds : this.nanoseconds;
    const sign = this.nanoseconds < 0n ? '-' : '';
    if (size === 0n) return '0s';
    if (size < MICROSECOND) return `${sign}${size}ns`;
    if (size < MILLISECOND) return `${sign}${decimal(size, MICROSECOND)}µs`;
    if (size < SECOND) return `${sign}${decimal(size, MILLISECOND)}ms`;
    const hours = size / HOUR;
    const minutes = (size % HOUR) / MINUTE;
    const seconds = decimal(size % MINUTE, SECOND);
    if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}s`;
    return minutes > 0n ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`;
  }

  toJSON(): string {
    return this.toString();
  }
}

function sumOfParts(text: string): bigint {
  let sum = 0n;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const [all = '', whole = '', fraction = '', unitName = ''] = PART.exec(text) ?? [];
    if (whole === '' && fraction === '') throw new DurationError('syntax');
    const unit = Object.hasOwn(UNITS, unitName) ? UNITS[unitName] : undefined;
    if (all === '' || unit === undefined) throw new DurationError('unit');
    sum += BigInt(whole || '0') * unit;
    // Truncate below the nanosecond, as Go does.
    if (fraction !== '') sum += (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length);
    if (sum > LARGEST + 1n) throw new DurationError('range');
  }
  return sum;
}

function decimal(size: bigint, unit: bigint): string {
  const digits = String(unit).length - 1;
  const fraction = String(size % unit)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return fraction === '' ? `${size / unit}` : `${size / unit}.${fraction}`;
}
