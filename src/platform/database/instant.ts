/** Digits of a second below the third. */
const MICROSECONDS = /\.\d{3}(\d{1,3})(?!\d)/;

const NONE = '000';

/** A time as PostgreSQL has it: a Date, and the microseconds that a Date has no room for. It is written with them. */
export class Instant extends Date {
  /** three digits; empty where there are none */
  readonly #microseconds: string;

  /** @param text as PostgreSQL writes a timestamp @param milliseconds since 1970, where the text is none that Date reads */
  constructor(text: string, milliseconds: number = Date.parse(text)) {
    super(milliseconds);
    const digits = MICROSECONDS.exec(text)?.[1]?.padEnd(3, '0') ?? NONE;
    this.#microseconds = digits === NONE ? '' : digits;
  }

  override toISOString(): string {
    return super.toISOString().replace('Z', `${this.#microseconds}Z`);
  }
}
