const NAMES = {
  month: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  weekday: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
};

interface Field {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { from: 0, to: 59 },
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12, names: NAMES.month },
  { from: 0, to: 7, names: NAMES.weekday },
];

/**
 * True for a cron expression of five fields, or six with seconds first. Fields may use numbers, names, lists, ranges
 * and steps.
 */
export function isCron(text: string): boolean {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 5 && parts.length !== 6) return false;
  const fields = FIELDS.slice(FIELDS.length - parts.length);
  return fields.every((field, index) => (parts[index] ?? '').split(',').every((part) => isPart(part, field)));
}

function isPart(part: string, field: Field): boolean {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d?$/.test(step))) return false;
  if (range === '*') return true;
  const [first, last, ...rest] = range.split('-').map((bound) => valueOf(bound, field));
  if (rest.length > 0 || first === undefined || Number.isNaN(first)) return false;
  return last === undefined || last >= first;
}

/** NaN when the field does not allow the bound. */
function valueOf(bound: string, field: Field): number {
  const named = field.names?.indexOf(bound.toLowerCase()) ?? -1;
  if (named >= 0) return named + (field.to === 12 ? 1 : 0);
  const value = /^\d{1,2}$/.test(bound) ? Number(bound) : NaN;
  return value >= field.from && value <= field.to ? value : NaN;
}
