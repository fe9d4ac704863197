import { Duration } from '../duration/index.js';
import type { LimitName } from './limits.js';

/** So many within so many seconds. */
export interface Rate {
  readonly points: number;
  readonly seconds: number;
}

/** null: no limit. */
export type Rates = Readonly<Record<LimitName, Rate | null>>;

const FORM = /^([1-9]\d{0,8})\/(\S+)$/;
const SHORTEST = 1;
const LONGEST = 86_400;

/** `10/1h`: ten an hour; `none`: null, no limit. Undefined for what is neither, or no window from a second to a day. */
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
