/** Thrown for a text that is not a duration. The message never repeats the text. */
export class DurationError extends Error {
  override readonly name = 'DurationError';

  constructor(readonly reason: 'syntax' | 'unit' | 'range') {
    super(MESSAGES[reason]);
  }
}

const MESSAGES = {
  syntax: 'must be a duration such as 12h, 1h30m or 500ms',
  unit: 'must have a unit after every number: ns, us, ms, s, m or h',
  range: 'must be shorter than 292 years',
} as const;
