/**
 * Ids are UUIDv7 by the application's clock, while `at` uses the database's: close, but not equal. A day of slack lets
 * the primary key narrow a search by time without missing a row.
 */
const SLACK = 24 * 60 * 60 * 1000;
const LATEST = 2 ** 48 - 1;

/** The smallest id that an event at or after this time can have. */
export const idsFrom = (at: Date): string => lowest(at.getTime() - SLACK);

/** An id above those of all events before this time. */
export const idsUntil = (at: Date): string => lowest(at.getTime() + SLACK);

function lowest(milliseconds: number): string {
  const hex = Math.min(Math.max(milliseconds, 0), LATEST).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
