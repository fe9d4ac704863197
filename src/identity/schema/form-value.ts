import { ExactNumber, numberOf, sameValue } from '../../platform/json/index.js';
import { parseJson } from '../../platform/http/index.js';
import type { Types } from './schemas-at.js';

const YES = new Set(['1', 't', 'T', 'true', 'TRUE', 'True', 'on']);
const NO = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);
const NUMBER = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/** What is known about the value that a form's text stands for. */
interface Known {
  /** the types that the schema allows; undefined if no schema applies to it */
  readonly types: Types | undefined;
  /** the value that the form showed */
  readonly before: unknown;
  /** an empty box means false */
  readonly required: boolean;
}

/**
 * The value of a form field; undefined: none. A field sent back as it was shown keeps its value, whatever its type.
 * Text that can't be read as the schema's type stays text, so that validation refuses it.
 * @param given several values if a form repeats a key: the first one counts; for a checkbox, any ticked one
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

/** A single-line field shows text without its line breaks, and clients with only doubles round numbers. */
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

/** Accepts what people type: `+5`, `.5`, `5.`; undefined if the text is not a number. */
function numberIn(text: string): number | ExactNumber | undefined {
  const [, sign, whole, fraction, exponent] = NUMBER.exec(text) ?? [];
  if (whole === undefined || whole + fraction === '') return undefined;
  const digits = `${whole === '' ? '0' : whole.replace(/^0+(?=\d)/, '')}${fraction === '' ? '' : `.${fraction}`}`;
  return numberOf(`${sign === '-' ? '-' : ''}${digits}${exponent === undefined ? '' : `e${exponent}`}`);
}

/** Lists and objects may arrive as JSON; any other text is returned as it is. */
export function partsIn(given: unknown): unknown {
  if (typeof given !== 'string' || !/^\s*[[{]/.test(given)) return given;
  try {
    return parseJson(given);
  } catch {
    return given;
  }
}
