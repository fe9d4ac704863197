import type pg from 'pg';
import { parseExact } from '../json/index.js';

/** OIDs of json and jsonb. */
const JSON_TYPES = [114, 3802];

/** Makes a driver read JSON without changing the value of a number in it. Gives the same object back. */
export function readJsonExactly(types: pg.TypeOverrides): pg.TypeOverrides {
  for (const oid of JSON_TYPES) types.setTypeParser(oid, parseExact);
  return types;
}
