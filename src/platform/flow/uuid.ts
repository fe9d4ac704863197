const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Hexadecimal digits, with or without hyphens: plain, in braces or as a URN. */
const SPELLINGS = /^(?:urn:uuid:(?<urn>[0-9a-f-]+)|\{(?<braced>[0-9a-f-]+)\}|(?<plain>[0-9a-f-]+))$/i;
const DIGITS = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i;

/** True for the canonical form of a UUID of any version, the only form that a uuid column may get. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/**
 * The canonical, lower-case form of a UUID written with or without hyphens, in braces, or after `urn:uuid:`; undefined
 * for anything else. These are the spellings that Kratos accepts.
 */
export function uuidOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 45 || /^urn:/i.test(value) !== value.startsWith('urn:uuid:'))
    return undefined;
  const { urn, braced, plain } = SPELLINGS.exec(value)?.groups ?? {};
  const bare = urn ?? braced ?? plain;
  if (bare === undefined) return undefined;
  if (isUuid(bare)) return bare.toLowerCase();
  const groups = DIGITS.exec(bare);
  return groups === null ? undefined : groups.slice(1).join('-').toLowerCase();
}

/** Says why a text is not a UUID, in Kratos' words. */
export function uuidFault(text: string): string {
  const { length } = Buffer.from(text);
  if (![32, 34, 36, 38, 41, 45].includes(length))
    return `uuid: incorrect UUID length ${length} in string ${JSON.stringify(text)}`;
  if (length >= 41 && !text.startsWith('urn:uuid:'))
    return `uuid: incorrect UUID format in string ${JSON.stringify(text.slice(0, 9))}`;
  const braced = length === 34 || length === 38;
  if (braced && !/^\{.*\}$/s.test(text)) return `uuid: incorrect UUID format in string ${JSON.stringify(text)}`;
  const bare = length >= 41 ? text.slice(9) : braced ? text.slice(1, -1) : text;
  if (bare.length === 36 && ![8, 13, 18, 23].every((at) => bare[at] === '-'))
    return `uuid: incorrect UUID format in string ${JSON.stringify(bare)}`;
  return 'uuid: invalid UUID format';
}
