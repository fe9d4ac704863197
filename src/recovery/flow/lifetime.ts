import { Duration, DurationError } from '../../platform/duration/index.js';
import { ExpiresInMalformed, ExpiresInTooLong } from '../recovery.errors.js';

interface Limits {
  /** the default */
  readonly usual: Duration;
  /** null: no limit */
  readonly cap: Duration | null;
}

/**
 * Seconds of the requested lifespan.
 * @param past error for a time that is not in the future; its text differs for links and codes, as recorded from Kratos
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
