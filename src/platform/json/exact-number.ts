declare global {
  interface JSON {
    /** JSON.stringify writes the returned object as the given text. */
    rawJSON(text: string): object;
  }
}

/**
 * A JSON number that a double cannot represent: `9007199254740993`, `1e400`. It keeps its digits, and JSON.stringify
 * writes them. Copy it with cloneJson; structuredClone would lose the digits.
 */
export class ExactNumber {
  /** @param text a JSON number */
  constructor(readonly text: string) {
    Object.freeze(this); // immutable, like a number
  }

  toJSON(): object {
    return JSON.rawJSON(this.text);
  }

  toString(): string {
    return this.text;
  }

  /** The nearest finite double. */
  toDouble(): number {
    return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(this.text)));
  }
}

/**
 * A double if it has the same value as the text, else an ExactNumber.
 * @param text a JSON number
 */
export function numberOf(text: string): number | ExactNumber {
  const double = Number(text);
  const isSame = Number.isFinite(double) && (String(double) === text || sameValue(text, String(double)));
  return isSame ? double : new ExactNumber(text);
}

/** Whether two decimal numbers have the same value in any notation, such as `1.10` and `11e-1`. */
export function sameValue(one: string, other: string): boolean {
  return valueOf(one) === valueOf(other);
}

const NUMBER = /^([+-]?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;

/**
 * Significant digits with a power of ten: the same text for equal values.
 * @param text a decimal number
 */
export function valueOf(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  const digits = whole + fraction;
  let [start, end] = [0, digits.length];
  while (digits.charCodeAt(start) === ZERO) start++;
  if (start === end) return '0';
  while (digits.charCodeAt(end - 1) === ZERO) end--;
  const power = Number(exponent) - fraction.length + (digits.length - end);
  return `${sign === '-' ? '-' : ''}${digits.slice(start, end)}e${power}`;
}

const ZERO = 48;
