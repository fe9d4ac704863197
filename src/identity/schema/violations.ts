import type { ErrorObject } from 'ajv';
import type { StoredMessage } from '../../platform/flow/index.js';
import { MessageId, quoted } from '../../platform/ui/index.js';
import { fieldName } from './field-name.js';
import { equalItems, messageOf, type Parameters } from './violation-message.js';

/** One rule that the traits break. */
export interface Violation {
  /** the form field: `traits.name.first`; empty where the document as a whole is meant */
  readonly field: string;
  /** what forms show */
  readonly message: StoredMessage;
  /** JSON pointer into `{ traits }`, as an address's fragment: `#/traits/name/first` */
  readonly pointer: string;
  /** JSON pointer into the schema */
  readonly rule: string;
  readonly text: string;
}

const MOST = 20;

/** Ajv's errors as violations, at most 20. Texts name properties and rules, never a value of the traits. */
export function violationsOf(errors: readonly ErrorObject[], document: object): Violation[] {
  const telling = errors.filter((error, index) => !repeats(error, index, errors, document)).slice(0, MOST);
  return telling.flatMap((error) => one(error, errors, document)).slice(0, MOST);
}

/** A violation that no schema can express. */
export function violation(path: readonly string[], text: string): Violation {
  const message = { id: MessageId.Generic, context: { reason: text } };
  return { field: fieldName(path), message, pointer: pointerOf(path), rule: '#', text };
}

/** An address through which nobody can be reached. */
export function addressViolation(path: readonly string[], value: string, format: 'email' | 'tel'): Violation {
  const text = `must match format "${format}"`;
  return { ...violation(path, text), message: messageOf('format', { format }, value, text) };
}

/** Whether other errors say it all: what failed within a combination, the wrong type of a value, the first of several names. */
function repeats(error: ErrorObject, index: number, errors: readonly ErrorObject[], document: object): boolean {
  switch (error.keyword) {
    case 'if':
    case 'anyOf':
    case 'propertyNames':
      return true;
    case 'oneOf':
      return paramsOf(error)['passingSchemas'] === null;
    case 'contains':
      return [valueAt(document, error.instancePath)].flat().length > 0;
    case 'additionalProperties':
      return errors.findIndex((other) => isSameRule(other, error)) < index;
    default:
      return errors.some((other) => isTwiceMatched(other, error) || isOfWrongType(other, error));
  }
}

/** Of a value that too many branches accept, those that refuse it are beside the point. */
function isTwiceMatched(oneOf: ErrorObject, error: ErrorObject): boolean {
  return (
    oneOf.keyword === 'oneOf' &&
    oneOf.params['passingSchemas'] !== null &&
    error.schemaPath.startsWith(`${oneOf.schemaPath}/`)
  );
}

const isSameRule = (a: ErrorObject, b: ErrorObject): boolean =>
  a.instancePath === b.instancePath && a.schemaPath === b.schemaPath;

/** Whether the schema that wants another type of the value holds the rule. */
function isOfWrongType(type: ErrorObject, error: ErrorObject): boolean {
  if (type.keyword !== 'type' || error.keyword === 'type') return false;
  const schema = type.schemaPath.slice(0, -'type'.length);
  return type.instancePath === error.instancePath && error.schemaPath.startsWith(schema);
}

function one(error: ErrorObject, errors: readonly ErrorObject[], document: object): Violation[] {
  const parameters = paramsOf(error);
  const value = valueAt(document, error.instancePath);
  const name = subjectOf(error, parameters);
  const at = segments(error.instancePath);
  const rest = { pointer: pointerOf(at), rule: error.schemaPath };
  const field = fieldName(name === undefined ? at : [...at, name]);
  const say = (more: Parameters, text: string): Violation => ({
    ...rest,
    field,
    message: messageOf(
      error.keyword,
      { ...parameters, ...more },
      name !== undefined && error.propertyName ? name : value,
      text,
    ),
    text,
  });
  switch (error.keyword) {
    case 'additionalProperties': {
      const names = errors.filter((other) => isSameRule(other, error)).map((e) => paramsOf(e)['additionalProperty']);
      return [say({}, `additionalProperties ${names.map((each) => quoted(String(each))).join(', ')} not allowed`)];
    }
    case 'required':
      return [say({}, `missing properties: "${name}"`)];
    case 'uniqueItems':
      return equalItems(value).map(([i, j]) => say({ i, j }, error.message ?? ''));
    default:
      return [say({}, error.message ?? 'is not valid')];
  }
}

/** The property below the value that the error is really about. */
function subjectOf(error: ErrorObject, parameters: Parameters): string | undefined {
  return error.keyword === 'required' ? String(parameters['missingProperty']) : error.propertyName;
}

const paramsOf = (error: ErrorObject): Parameters => error.params as Parameters;

/** As the fragment of an address: what stands in it plain is what Kratos' errors leave plain. */
function pointerOf(path: readonly string[]): string {
  const parts = path.map((part) => encodeURIComponent(part.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')));
  return ['#', ...parts.map(asKratos)].join('/');
}

const asKratos = (part: string): string =>
  part
    .replaceAll(/%(?:24|26|2B|3D|3A|40)/g, decodeURIComponent)
    .replaceAll(/[!*'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function valueAt(document: object, pointer: string): unknown {
  return segments(pointer).reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
}

/** The names and places of a JSON pointer. */
export function segments(pointer: string): string[] {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
