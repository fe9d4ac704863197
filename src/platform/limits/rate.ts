import { Duration } from '../duration/index.js';
import type { LimitName } from './limits.js';

/** A number of requests within a number of seconds. */
export interface Rate {
  readonly points: number;
  readonly seconds: number;
}

/** null: no limit. */
export type Rates = Readonly<Record<LimitName, Rate | null>>;

const FORM = /^([1-9]\d{0,8})\/(\S+)$/;
const SHORTEST = 1;
const LONGEST = 86_400;

/**
 * `10/1h` is ten per hour; `none` is null, no limit. Undefined for any other text, or a window outside one second to
 * one day.
 */
export function parseRate(text: string): Rate | null | undefined {
  if (text === 'none') return null;
  const [, points, span] = FORM.exec(text) ?? [];
  const seconds = span === undefined ? undefined : secondsOf(span);
  if (seconds === undefined || seconds < SHORTEST || seconds > LONGEST) return undefined;
  return { points: Number(points), seconds };
}

function secondsOf(span: string): number | undefined {
  try {
    return Duration.parse(span).seconds;
  } catch {
    return undefined;
  }
}
