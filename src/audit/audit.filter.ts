import { uuidOf } from '../platform/flow/index.js';
import { pageSizeWithin } from '../platform/paging/index.js';
import { AuditFilterInvalid } from './audit.errors.js';

/** Which events to read, newest first. */
export interface AuditFilter {
  readonly action?: string;
  readonly targetId?: string;
  readonly actorId?: string;
  /** inclusive */
  readonly since?: Date;
  /** exclusive */
  readonly until?: Date;
  readonly pageSize: number;
  readonly pageToken?: string;
}

/** The filter as text, from a query string or a command line. */
export interface AuditFilterText {
  readonly action?: string;
  readonly target_id?: string;
  readonly actor_id?: string;
  readonly since?: string;
  readonly until?: string;
  readonly page_size?: string;
  readonly page_token?: string;
}

export const PAGE = { usual: 100, largest: 1000 };
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/** @throws AuditFilterInvalid */
export function readAuditFilter(text: AuditFilterText): AuditFilter {
  const since = instant('since', text.since);
  const until = instant('until', text.until);
  return {
    ...(text.action === undefined ? {} : { action: storable('action', text.action) }),
    ...(text.target_id === undefined ? {} : { targetId: named('target_id', text.target_id) }),
    ...(text.actor_id === undefined ? {} : { actorId: named('actor_id', text.actor_id) }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    pageSize: size(text.page_size),
    ...(text.page_token === undefined ? {} : { pageToken: text.page_token }),
  };
}

/** Most ids are UUIDs, which match in any spelling. */
const named = (parameter: string, text: string): string => uuidOf(text) ?? storable(parameter, text);

function storable(parameter: string, text: string): string {
  if (text.includes('\0') || !text.isWellFormed())
    throw new AuditFilterInvalid(parameter, 'contains a NUL character or a lone surrogate');
  return text;
}

function instant(parameter: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const at = RFC3339.test(text) ? new Date(text.replace(' ', 'T')) : undefined;
  if (at === undefined || Number.isNaN(at.getTime()) || !isCalendarDay(text)) {
    throw new AuditFilterInvalid(parameter, 'must be a time such as 2030-01-31T08:00:00Z');
  }
  return at;
}

/** Rejects dates such as February 30, which JavaScript would roll over into March. */
function isCalendarDay(text: string): boolean {
  const day = text.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

function size(text: string | undefined): number {
  const wanted = pageSizeWithin(text, PAGE);
  if (wanted === undefined)
    throw new AuditFilterInvalid('page_size', `must be a whole number from 1 to ${PAGE.largest}`);
  return wanted;
}
