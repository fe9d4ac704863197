import type { ErrorObject } from 'ajv';
import type { StoredMessage } from '../../platform/flow/index.js';
import { MessageId, quoted } from '../../platform/ui/index.js';
import { equalItems } from './equal-items.js';
import { fieldName } from './field-name.js';
import { messageOf, type Parameters } from './violation-message.js';

/** One rule that the traits break. */
export interface Violation {
  /** the form field: `traits.name.first`; empty if the error is about the whole document */
  readonly field: string;
  /** the message that forms show */
  readonly message: StoredMessage;
  /** JSON pointer into `{ traits }`, as a URI fragment: `#/traits/name/first` */
  readonly pointer: string;
  /** JSON pointer into the schema */
  readonly rule: string;
  readonly text: string;
}

const MOST = 20;
/** Maximum number of property names in one text. */
const MOST_NAMES = 1_000;

/** Converts Ajv's errors to violations, at most 20. Texts name properties and rules, never a value of the traits. */
export function violationsOf(errors: readonly ErrorObject[], document: object): Violation[] {
  const seen = new Context(errors, document);
  const found: Violation[] = [];
  for (const error of errors) {
    if (found.length >= MOST) break;
    if (!seen.repeats(error)) found.push(...one(error, seen));
  }
  return found.slice(0, MOST);
}

/** A violation that no schema can express. */
export function violation(path: readonly string[], text: string): Violation {
  const message = { id: MessageId.Generic, context: { reason: text } };
  return { field: fieldName(path), message, pointer: pointerOf(path), rule: '#', text };
}

/** An address at which nobody can be reached. */
export function addressViolation(path: readonly string[], value: string, format: 'email' | 'tel'): Violation {
  const text = `must match format "${format}"`;
  return { ...violation(path, text), message: messageOf('format', { format }, value, text) };
}

/**
 * All errors of a document, indexed for the lookups below, because there may be as many errors as the document has
 * parts.
 */
class Context {
  /** the property names that one rule does not allow in one object; only `first` is reported, on behalf of all */
  readonly #notAllowed = new Map<string, { readonly first: ErrorObject; readonly names: string[] }>();
  /** schemas of combinations in which more than one branch matched */
  readonly #twiceMatched = new Set<string>();
  /** by the value's place: schemas that expect another type */
  readonly #wrongType = new Map<string, Set<string>>();

  constructor(
    errors: readonly ErrorObject[],
    readonly document: object,
  ) {
    for (const error of errors) this.#note(error);
  }

  /**
   * Whether other errors already cover this one: inside a failed combination, on a value of the wrong type, or for
   * another name at the same place.
   */
  repeats(error: ErrorObject): boolean {
    switch (error.keyword) {
      case 'if':
      case 'anyOf':
      case 'propertyNames':
        return true;
      case 'oneOf':
        return paramsOf(error)['passingSchemas'] === null;
      case 'contains':
        return [valueAt(this.document, error.instancePath)].flat().length > 0;
      case 'additionalProperties':
        return this.#notAllowed.get(ruleOf(error))?.first !== error;
      default:
        return this.#isTwiceMatched(error) || this.#isOfWrongType(error);
    }
  }

  /** The names that the same rule rejects in the same object. */
  namesNotAllowed(error: ErrorObject): readonly string[] {
    return this.#notAllowed.get(ruleOf(error))?.names ?? [];
  }

  #note(error: ErrorObject): void {
    const { keyword, instancePath, schemaPath } = error;
    if (keyword === 'oneOf' && paramsOf(error)['passingSchemas'] !== null) this.#twiceMatched.add(`${schemaPath}/`);
    if (keyword === 'type') {
      const schemas = this.#wrongType.get(instancePath) ?? new Set();
      this.#wrongType.set(instancePath, schemas.add(schemaPath.slice(0, -'type'.length)));
    }
    if (keyword === 'additionalProperties') {
      const known = this.#notAllowed.get(ruleOf(error));
      const name = String(paramsOf(error)['additionalProperty']);
      if (known) known.names.push(name);
      else this.#notAllowed.set(ruleOf(error), { first: error, names: [name] });
    }
  }

  /** If too many branches accept a value, errors from the branches that refuse it are irrelevant. */
  #isTwiceMatched({ schemaPath }: ErrorObject): boolean {
    return [...this.#twiceMatched].some((schema) => schemaPath.startsWith(schema));
  }

  /** Whether the rule belongs to a schema that expects another type for the value. */
  #isOfWrongType({ keyword, instancePath, schemaPath }: ErrorObject): boolean {
    const schemas = keyword === 'type' ? [] : [...(this.#wrongType.get(instancePath) ?? [])];
    return schemas.some((schema) => schemaPath.startsWith(schema));
  }
}

const ruleOf = ({ instancePath, schemaPath }: ErrorObject): string => JSON.stringify([instancePath, schemaPath]);

function one(error: ErrorObject, seen: Context): Violation[] {
  const parameters = paramsOf(error);
  const value = valueAt(seen.document, error.instancePath);
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
      const names = seen.namesNotAllowed(error).slice(0, MOST_NAMES).map(quoted);
      return [say({}, `additionalProperties ${names.join(', ')} not allowed`)];
    }
    case 'required':
      return [say({}, `missing properties: "${name}"`)];
    case 'uniqueItems':
      return equalItems(value as unknown[]).map(([i, j]) => say({ i, j }, error.message ?? ''));
    default:
      return [say({}, error.message ?? 'is not valid')];
  }
}

/** The child property that the error is really about. */
function subjectOf(error: ErrorObject, parameters: Parameters): string | undefined {
  return error.keyword === 'required' ? String(parameters['missingProperty']) : error.propertyName;
}

const paramsOf = (error: ErrorObject): Parameters => error.params as Parameters;

/** Encodes the pointer as a URI fragment, escaping the same characters as Kratos' errors. */
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

/** The keys and indexes of a JSON pointer. */
export function segments(pointer: string): string[] {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
