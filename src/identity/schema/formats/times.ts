const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
/** The hour may have one digit; a comma may replace the decimal point. */
const TIME = /^(\d{1,2}):(\d{2}):(\d{2})(?:[.,]\d+)?(?:Z|[+-](\d{2}):(\d{2}))$/;

/** An existing date: `2024-02-29`. */
export function isDate(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = (DATE.exec(text) ?? []).map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

/** A time with an offset from UTC: `12:00:00Z`, `12:00:00.5+02:00`. Leap seconds are invalid. */
export function isTime(text: string): boolean {
  const match = TIME.exec(text);
  if (match === null) return false;
  const [hour, minute, second, away = 0, awayMinutes = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return hour! < 24 && minute! < 60 && second! < 60 && away <= 24 && awayMinutes <= 60;
}

/** `2024-02-29T12:00:00Z`, with a capital T. */
export function isDateTime(text: string): boolean {
  return text.charAt(10) === 'T' && isDate(text.slice(0, 10)) && isTime(text.slice(11));
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
