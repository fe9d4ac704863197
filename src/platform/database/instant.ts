/** The microsecond digits: the fourth to sixth digit of a fraction of a second. */
const MICROSECONDS = /\.\d{3}(\d{1,3})(?!\d)/;

const NONE = '000';

/** A PostgreSQL timestamp: a Date plus the microseconds that Date cannot hold. Its text includes them. */
export class Instant extends Date {
  /** three digits, or empty */
  readonly #microseconds: string;

  /**
   * @param text as PostgreSQL writes a timestamp
   * @param milliseconds since 1970, for a text that Date cannot parse
   */
  constructor(text: string, milliseconds: number = Date.parse(text)) {
    super(milliseconds);
    const digits = MICROSECONDS.exec(text)?.[1]?.padEnd(3, '0') ?? NONE;
    this.#microseconds = digits === NONE ? '' : digits;
  }

  override toISOString(): string {
    return super.toISOString().replace('Z', `${this.#microseconds}Z`);
  }
}
