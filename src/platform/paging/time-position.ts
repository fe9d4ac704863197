/** The end of a page whose rows are sorted by time and id. */
export interface TimePosition {
  /** microseconds since 1970, as text: too large for an exact number */
  readonly at: string;
  readonly id: string;
}

/** Newer than every row: the year 9999. */
export const NEWEST: TimePosition = { at: '253370764800000000', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** 16 hexadecimal digits of time, 32 of id. */
const POSITION = /^([0-9a-f]{16})([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

export function writePosition({ at, id }: TimePosition): string {
  return BigInt(at).toString(16).padStart(16, '0') + id.replaceAll('-', '');
}

/** Undefined for a text that `writePosition` did not create. */
export function readPosition(text: string): TimePosition | undefined {
  const [, at, ...id] = POSITION.exec(text) ?? [];
  return at === undefined ? undefined : { at: BigInt(`0x${at}`).toString(), id: id.join('-') };
}
