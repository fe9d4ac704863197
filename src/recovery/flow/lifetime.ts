import { Duration, DurationError } from '../../platform/duration/index.js';
import { ExpiresInMalformed, ExpiresInTooLong } from '../recovery.errors.js';

interface Limits {
  /** where nothing is asked for */
  readonly usual: Duration;
  /** null: no limit */
  readonly cap: Duration | null;
}

/**
 * Seconds, of what an administrator asks for.
 * @param past what to throw for a time that is not in the future; the wire says it differently for links and codes
 * @throws ExpiresInMalformed, ExpiresInTooLong
 */
export function lifetimeOf(
  text: string | undefined,
  { usual, cap }: Limits,
  past: (text: string, duration: Duration) => Error,
): number {
  if (text === undefined) return usual.seconds;
  const duration = parse(text);
  if (!duration.isPositive) throw past(text, duration);
  if (cap !== null && duration.nanoseconds > cap.nanoseconds) throw new ExpiresInTooLong(cap.toString());
  return duration.seconds;
}

function parse(text: string): Duration {
  try {
    return Duration.parse(text);
  } catch (error) {
    if (error instanceof DurationError) throw new ExpiresInMalformed(text);
    throw error;
  }
}
