import pg from 'pg';
import { parseExact } from '../json/index.js';
import { Instant } from './instant.js';

/** OIDs of json and jsonb. */
const JSON_TYPES = [114, 3802];
const TIMESTAMPTZ = 1184;

const readTime = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => unknown;

/** Makes the driver read JSON numbers without changing their values. Returns the same object. */
export function readJsonExactly(types: pg.TypeOverrides): pg.TypeOverrides {
  for (const oid of JSON_TYPES) types.setTypeParser(oid, parseExact);
  return types;
}

/** Makes the driver read times with microseconds; `infinity` remains a number. Returns the same object. */
export function readTimesExactly(types: pg.TypeOverrides): pg.TypeOverrides {
  types.setTypeParser(TIMESTAMPTZ, (text: string) => {
    const time = readTime(text);
    return time instanceof Date ? new Instant(text, time.getTime()) : time;
  });
  return types;
}
