import type { StoredMessage } from '../../platform/flow/index.js';
import { MessageId, quoted } from '../../platform/ui/index.js';
import { isObject } from './keyword.js';

/** Ajv's details about a broken rule. */
export type Parameters = Readonly<Record<string, unknown>>;

/**
 * The message that a form shows for a value that breaks a rule. Ids and context are part of the API: user interfaces
 * build their own texts from them.
 * @param otherwise the text if the rule has no wording of its own
 */
export function messageOf(keyword: string, parameters: Parameters, value: unknown, otherwise: string): StoredMessage {
  const { limit } = parameters;
  switch (keyword) {
    case 'required':
      return { id: MessageId.PropertyMissing, context: { property: parameters['missingProperty'] } };
    case 'type':
      return {
        id: MessageId.WrongType,
        context: { allowed_types: [parameters['type']].flat(), actual_type: typeOf(value) },
      };
    case 'minLength':
      return { id: MessageId.TooShort, context: { min_length: limit, actual_length: lengthOf(value) } };
    case 'maxLength':
      return { id: MessageId.TooLong, context: { max_length: limit, actual_length: lengthOf(value) } };
    case 'pattern':
      return { id: MessageId.PatternMismatch, context: { pattern: parameters['pattern'] } };
    case 'minimum':
      return { id: MessageId.BelowMinimum, context: { minimum: limit, actual: value } };
    case 'exclusiveMinimum':
      return { id: MessageId.NotAboveMinimum, context: { minimum: limit, actual: value } };
    case 'maximum':
      return { id: MessageId.AboveMaximum, context: { maximum: limit, actual: value } };
    case 'exclusiveMaximum':
      return { id: MessageId.NotBelowMaximum, context: { maximum: limit, actual: value } };
    case 'multipleOf':
      return { id: MessageId.NotMultiple, context: { base: parameters['multipleOf'], actual: value } };
    case 'maxItems':
      return { id: MessageId.TooManyItems, context: { max_items: limit, actual_items: sizeOf(value) } };
    case 'minItems':
      return { id: MessageId.TooFewItems, context: { min_items: limit, actual_items: sizeOf(value) } };
    case 'uniqueItems':
      return { id: MessageId.ItemsEqual, context: { index_a: parameters['i'], index_b: parameters['j'] } };
    case 'const':
      return constMessage(parameters['allowedValue']);
    case 'format':
      return formatMessage(String(parameters['format']), value);
    default:
      return generic(reasonOf(keyword, parameters, value) ?? otherwise);
  }
}

const generic = (reason: string): StoredMessage => ({ id: MessageId.Generic, context: { reason } });

function constMessage(allowed: unknown): StoredMessage {
  if (typeof allowed === 'object' && allowed !== null) return { id: MessageId.NotTheConstantObject };
  return { id: MessageId.NotTheConstant, context: { expected: literal(allowed) } };
}

function formatMessage(format: string, value: unknown): StoredMessage {
  const text = String(value);
  if (format === 'email') return { id: MessageId.AddressInvalid, context: { value: text } };
  if (format === 'tel') return { id: MessageId.PhoneInvalid, context: { value: text } };
  return generic(`${quoted(text)} is not valid ${quoted(format)}`);
}

/** Rules without a message id of their own. */
function reasonOf(keyword: string, parameters: Parameters, value: unknown): string | undefined {
  const { limit } = parameters;
  switch (keyword) {
    case 'enum':
      return enumReason(parameters['allowedValues'] as readonly unknown[]);
    case 'not':
      return 'not failed';
    case 'contains':
      return 'contains failed';
    case 'false schema':
      return 'always fail';
    case 'oneOf':
      return `valid against schemas at indexes ${[parameters['passingSchemas']].flat().join(' and ')}`;
    case 'additionalItems':
      return `only ${String(limit)} items are allowed, but found ${sizeOf(value)} items`;
    case 'minProperties':
      return `minimum ${String(limit)} properties allowed, but found ${sizeOf(value)} properties`;
    case 'maxProperties':
      return `maximum ${String(limit)} properties allowed, but found ${sizeOf(value)} properties`;
    case 'dependencies':
      return `property ${quoted(String(parameters['missingProperty']))} is required, if ${quoted(String(parameters['property']))} property exists`;
    default:
      return undefined;
  }
}

function enumReason(allowed: readonly unknown[]): string {
  if (allowed.some((each) => typeof each === 'object' && each !== null)) return 'enum failed';
  return `value must be ${allowed.length === 1 ? '' : 'one of '}${allowed.map(literal).join(', ')}`;
}

/** A literal from a schema in the format of Kratos' texts: numbers are quoted too. */
function literal(value: unknown): string {
  if (value === null) return '<nil>';
  return typeof value === 'boolean' ? String(value) : quoted(String(value));
}

/** The JSON name of the type. */
function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Characters, not UTF-16 units. */
function lengthOf(value: unknown): number {
  return typeof value === 'string' ? [...value].length : 0;
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}
