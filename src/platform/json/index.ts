/**
 * JSON that keeps all digits of its numbers.
 *
 * Owns: parsing without changing the value of any number, and copying such JSON.
 * Does not own: limits on the contents of a body (platform/http).
 */
export { ExactNumber, numberOf, sameValue, valueOf } from './exact-number.js';
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
