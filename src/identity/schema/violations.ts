import type { ErrorObject } from 'ajv';
import type { StoredMessage } from '../../platform/flow/index.js';
import { MessageId } from '../../platform/ui/index.js';

/** One rule that the traits break. */
export interface Violation {
  /** the form field: `traits.name.first` */
  readonly field: string;
  /** what forms show */
  readonly message: StoredMessage;
  /** JSON pointer into `{ traits }`, as an address's fragment: `#/traits/name/first` */
  readonly pointer: string;
  /** JSON pointer into the schema */
  readonly rule: string;
  readonly text: string;
}

/** Ajv's errors as violations, at most 20. Texts name properties and rules, never a value of the traits. */
export function violationsOf(errors: readonly ErrorObject[], document: object): Violation[] {
  const shown = errors.filter(({ keyword }) => keyword !== 'if').slice(0, 20);
  return shown.map((error) => {
    const parameters = error.params as Record<string, unknown>;
    const value = valueAt(document, error.instancePath);
    const missing = error.keyword === 'required' ? String(parameters['missingProperty']) : undefined;
    const path = [...segments(error.instancePath), ...(missing === undefined ? [] : [missing])];
    return {
      field: path.join('.'),
      message: messageOf(error.keyword, parameters, value, error.message ?? 'is not valid'),
      pointer: pointerOf(segments(error.instancePath)),
      rule: error.schemaPath,
      text: textOf(error.keyword, parameters, error.message ?? 'is not valid'),
    };
  });
}

/** A violation that no schema can express. */
export function violation(path: readonly string[], text: string): Violation {
  const message = { id: MessageId.Generic, context: { reason: text } };
  return { field: path.join('.'), message, pointer: pointerOf(path), rule: '#', text };
}

/** An address through which nobody can be reached. */
export function addressViolation(path: readonly string[], value: string, format: 'email' | 'tel'): Violation {
  const text = `must match format "${format}"`;
  return { ...violation(path, text), message: messageOf('format', { format }, value, text) };
}

/** As the fragment of an address: what stands in it plain is what Kratos' errors leave plain. */
function pointerOf(path: readonly string[]): string {
  const parts = path.map((part) => encodeURIComponent(part.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')));
  return ['#', ...parts.map(asKratos)].join('/');
}

const asKratos = (part: string): string =>
  part
    .replaceAll(/%(?:24|26|2B|3D|3A|40)/g, decodeURIComponent)
    .replaceAll(/[!*'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function messageOf(
  keyword: string,
  parameters: Record<string, unknown>,
  value: unknown,
  otherwise: string,
): StoredMessage {
  switch (keyword) {
    case 'required':
      return { id: MessageId.PropertyMissing, context: { property: parameters['missingProperty'] } };
    case 'minLength':
      return { id: MessageId.TooShort, context: { min_length: parameters['limit'], actual_length: lengthOf(value) } };
    case 'pattern':
      return { id: MessageId.PatternMismatch, context: { pattern: parameters['pattern'] } };
    case 'format':
      if (parameters['format'] === 'email') return { id: MessageId.AddressInvalid, context: { value } };
  }
  return { id: MessageId.Generic, context: { reason: otherwise } };
}

function textOf(keyword: string, parameters: Record<string, unknown>, otherwise: string): string {
  if (keyword === 'additionalProperties')
    return `additionalProperties "${String(parameters['additionalProperty'])}" not allowed`;
  if (keyword === 'required') return `missing properties: "${String(parameters['missingProperty'])}"`;
  return otherwise;
}

function valueAt(document: object, pointer: string): unknown {
  return segments(pointer).reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
}

function segments(pointer: string): string[] {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? [...value].length : 0;
}
