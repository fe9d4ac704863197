import { ExactNumber, numberOf, sameValue } from '../../platform/json/index.js';
import { parseJson } from '../../platform/http/index.js';
import type { Types } from './schemas-at.js';

const YES = new Set(['1', 't', 'T', 'true', 'TRUE', 'True', 'on']);
const NO = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);
const NUMBER = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/** What is known of the value that a form's text stands for. */
interface Known {
  /** what it may be by the schema; undefined where no schema speaks of it */
  readonly types: Types | undefined;
  /** what the form showed */
  readonly before: unknown;
  /** an empty box means no */
  readonly required: boolean;
}

/**
 * The value that a form field means; undefined: none.
 * A field that was sent as it was shown keeps its value, whatever its type. What cannot be read as the schema's type
 * stays text, for the schema to refuse.
 * @param given several where a form repeats a key: the first counts; of a box, any that is ticked
 */
export function formValue(given: readonly unknown[], { types, before, required }: Known): unknown {
  const texts = given.filter((each) => typeof each === 'string');
  const [first] = given;
  if (texts.length < given.length) return first ?? (before === null ? null : undefined);
  const text = texts[0] ?? '';
  if (texts.length === 1 && before !== undefined && isUnchanged(text, before)) return before;
  const wanted = types !== undefined && types.size > 0 ? types : new Set([isNumber(before) ? 'number' : typeof before]);
  if (wanted.has('boolean') || typeof before === 'boolean') {
    const said = texts.some((each) => YES.has(each)) ? true : texts.some((each) => NO.has(each)) ? false : undefined;
    if (said !== undefined) return said;
    if (text === '' && required) return false;
  }
  if (isUnchanged(text, before)) return before;
  if (text === '') return undefined;
  const number = numberIn(text);
  const numeric = wanted.has('number') || wanted.has('integer');
  if (numeric && number !== undefined && (isNumber(before) || !wanted.has('string'))) return number;
  return text;
}

/** A field of one line shows a text without its line breaks, and clients that know doubles only round a number. */
function isUnchanged(text: string, before: unknown): boolean {
  if (before === undefined || before === null) return text === '';
  if (isNumber(before)) {
    const number = numberIn(text);
    return typeof number === 'object' ? sameValue(text, String(before)) : number === Number(String(before));
  }
  return typeof before !== 'object' && (text === String(before) || text === String(before).replaceAll(/[\r\n]/g, ''));
}

const isNumber = (value: unknown): value is number | ExactNumber =>
  typeof value === 'number' || value instanceof ExactNumber;

/** As people may type it: `+5`, `.5`, `5.`; undefined where the text is none. */
function numberIn(text: string): number | ExactNumber | undefined {
  const [, sign, whole, fraction, exponent] = NUMBER.exec(text) ?? [];
  if (whole === undefined || whole + fraction === '') return undefined;
  const digits = `${whole === '' ? '0' : whole.replace(/^0+(?=\d)/, '')}${fraction === '' ? '' : `.${fraction}`}`;
  return numberOf(`${sign === '-' ? '-' : ''}${digits}${exponent === undefined ? '' : `e${exponent}`}`);
}

/** Lists and objects may come as JSON; any other text is itself. */
export function partsIn(given: unknown): unknown {
  if (typeof given !== 'string' || !/^\s*[[{]/.test(given)) return given;
  try {
    return parseJson(given);
  } catch {
    return given;
  }
}
