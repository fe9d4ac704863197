/**
 * JSON whose numbers keep their digits.
 *
 * Owns: reading a text without changing the value of any number in it, and what a copy of such JSON needs.
 * Does not own: what of a body is too much or not allowed (platform/http).
 */
export { ExactNumber, numberOf, sameValue } from './exact-number.js';
export {
  cloneJson,
  exactNumbersIn,
  holdsExact,
  isJsonObject,
  type JsonPath,
  parseExact,
  pathText,
  withDoubles,
} from './json.js';
