import { BadRequest } from '../platform/errors/index.js';
import { type Caller, queryAll, queryText } from '../platform/http/index.js';
import { SessionQueryRefused } from './session.errors.js';

/** What to read in addition to the sessions. */
export interface Expand {
  readonly identity: boolean;
  readonly devices: boolean;
}

/** One page of all sessions, ordered by id. */
export interface SessionQuery {
  /** true: only live ones; false: only others; absent: all */
  readonly active?: boolean | undefined;
  readonly expand: Expand;
  /** maximum number of rows */
  readonly pageSize: number;
  readonly pageToken?: string | undefined;
}

/** One numbered page of one identity's sessions, newest first. */
export interface NumberedQuery {
  readonly active?: boolean | undefined;
  readonly perPage: number;
  /** starts at 1; 0 is also the first page */
  readonly page: number;
  /** instead of `page` */
  readonly pageToken?: string | undefined;
}

/** Every query parameter of both lists, and names that people commonly try instead. */
export const SESSION_PARAMETERS = ['active', 'expand', 'page_size', 'page_token'];
export const NUMBERED_PARAMETERS = ['active', 'page', 'per_page', 'page_size', 'page_token'];
const OF_ONE_IDENTITY = 'GET /admin/identities/{id}/sessions';
export const SESSION_MEANT = {
  identity_id: OF_ONE_IDENTITY,
  identity: OF_ONE_IDENTITY,
  user_id: OF_ONE_IDENTITY,
  state: 'active',
  limit: 'page_size',
};

const PAGE_SIZE = 250;
const LARGEST_PAGE = 1000;
const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE = ['0', 'f', 'F', 'false', 'FALSE', 'False'];

/** @throws SessionQueryRefused */
export function readSessionQuery(caller: Caller): SessionQuery {
  return {
    active: readActive(caller),
    expand: readExpand(caller),
    pageSize: readPageSize(caller),
    pageToken: queryText(caller, 'page_token'),
  };
}

/**
 * `active` is only for administrators: people see live sessions only.
 * @throws SessionQueryRefused
 */
export function readNumberedQuery(caller: Caller, { active }: { active?: true } = {}): NumberedQuery {
  return {
    active: active ?? readActive(caller),
    perPage: readPageSize(caller),
    page: wholeNumber('page', queryText(caller, 'page')) ?? 0,
    pageToken: queryText(caller, 'page_token'),
  };
}

/** @throws BadRequest for a name that cannot be expanded */
export function readExpand(caller: Caller): Expand {
  const given = queryAll(caller, 'expand');
  const asked = given.map((name) => name.toLowerCase());
  const unknown = asked.findIndex((name) => name !== 'identity' && name !== 'devices');
  if (unknown >= 0) throw new BadRequest(`Could not parse expand option: ${given[unknown]?.slice(0, 100)}`);
  return { identity: asked.includes('identity'), devices: asked.includes('devices') };
}

function readActive(caller: Caller): boolean | undefined {
  const text = queryText(caller, 'active');
  if (text === undefined) return undefined;
  if (TRUE.includes(text)) return true;
  if (FALSE.includes(text)) return false;
  throw new SessionQueryRefused('active', 'must be true or false');
}

/** A size above the maximum is lowered to the maximum. */
function readPageSize(caller: Caller): number {
  const size = wholeNumber('page_size', queryText(caller, 'page_size'));
  const wanted = size ?? wholeNumber('per_page', queryText(caller, 'per_page')) ?? PAGE_SIZE;
  if (wanted === 0)
    throw new SessionQueryRefused(size === 0 ? 'page_size' : 'per_page', 'must be a whole number of at least 1');
  return Math.min(wanted, LARGEST_PAGE);
}

function wholeNumber(parameter: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new SessionQueryRefused(parameter, 'must be a whole number');
  return Number(text);
}
